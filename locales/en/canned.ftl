# Ready answers of officers, in the citizen's language, and the names of their kinds.

canned-kind-greeting = Greeting and waiting
canned-hello = Good day. I have read your conversation. I am glad to help you.
canned-moment = One moment, please. I am looking it up for you.
canned-still-there = Are you still there? Please answer, so that I can go on helping you.

canned-kind-dossier = Dossiers
canned-ask-number = Please send me your dossier number. It stands on the receipt.
canned-ask-proof = To show you more of the dossier I need the last four digits of the applicant's ID. Please do not send the whole number.
canned-late = I am sorry that your dossier is late. I am asking the responsible office and will tell you here.
canned-papers = Papers are missing in your dossier. Please hand them in at the office that took it in, or online.

canned-kind-places = Offices and other bodies
canned-come-in = Please come to the one-stop office in opening hours and bring your papers.
canned-other-office = This matter belongs to another office. I will tell you how to reach it.
canned-no-promise = I cannot promise a result here. I can tell you how the matter stands and what you can do.

canned-kind-ending = Ending
canned-anything-else = Is there anything else that I can do for you?
canned-goodbye = Thank you for your patience. The automatic assistant goes on from here. Good-bye.
canned-polite = Please let us speak politely with each other. Otherwise I have to end the conversation.
