# When there is no answer: why, and what to do next.
#
# error-not-disclosed must be the same whether the dossier exists, the digits
# were wrong or the dossier is locked. Please add no detail.

error-dossier-not-found = This dossier was not found. Please check the number on your slip. If it is right, ask the desk that received the dossier.
    .sms = This dossier was not found. Please check the number on your slip; if it is right, ask the desk that received it.
error-dossier-too-new = This dossier is so new that it may not have arrived yet. Please ask again after one working day. Keep your appointment slip.
    .sms = This dossier is new and may not have arrived yet. Please ask again after one working day.
error-not-disclosed = The private part could not be opened. Please check the dossier number and the last 4 digits of the applicant's ID. If it still fails, bring the slip and your ID to the desk.
    .sms = The private part could not be opened. Please check the number and the last 4 digits of the ID, or bring slip and ID to the desk.
error-procedure-not-found = No procedure with this code was found. You can ask by name, such as “birth registration”.
error-not-understood = Sorry, we did not understand. You can send a dossier number, such as 000.00.17.H09-210819-0012, or ask “what do I need for a birth certificate”.
    .speech = Sorry, we did not understand. You can say the dossier number on your slip, or ask: what do I need for a birth certificate.
error-not-a-number = This is not a valid dossier number. Please send it as on your slip, such as 000.00.17.H09-210819-0012.
    .speech = This is not a valid dossier number. Please say it as on your slip.
error-too-many-requests = You have sent many questions in a row. Please ask again in { $wait }.
error-too-many-dossiers = You have asked about many different dossiers. To keep everybody safe, please ask again in { $wait }. If it is urgent, come to the desk.
error-portal-down = The service portal does not answer at the moment. Please ask again in { $wait }. If it is urgent, ask the desk that received the dossier.
error-too-late = The answer takes longer than usual. Please ask again in { $wait }.
error-internal = Something went wrong on our side; it is not your fault. Please ask again in { $wait }. If it goes on, give the answer code to an officer.
error-proof-needed = To be sure that the dossier is yours, please send the last 4 digits of the applicant's ID, or a confirmation code. To get a code, send: “send me a code for” and the dossier number.
    .sms = Please add the last 4 digits of the applicant's ID: { $notify } <number> <4 digits>. Or get a code first: send me a code for <number>.
    .speech = To be sure that the dossier is yours, please say the last 4 digits of the applicant's ID, or a confirmation code.
error-rating-proof-needed = To be sure that the dossier is yours, please send the rating again with the last 4 digits of the applicant's ID, for example “rate <dossier number> 5 id 1234”.
    .sms = Not rated yet. Please send it again with the last 4 digits of the applicant's ID: { $rate } <number> <score 1-5> <4 digits>.
    .speech = To be sure that the dossier is yours, please rate it again and say the last 4 digits of the applicant's ID.
error-not-on-this-channel = This cannot be done here, because it needs a message to a telephone. You can still ask where your dossier is at any time.
error-too-many-subscriptions = This phone watches as many dossiers as it may. To add one, please give up an old one.
    .sms = This phone watches as many dossiers as it may. To add one, give up an old one: text { $unsubscribe } <number>.
    .speech = This phone watches as many dossiers as it may. To add one, please give up an old one.
error-gave-up = We are sorry: we received your question, but the service portal did not answer. Please ask again in { $wait }. If it is urgent, ask the desk that received the dossier.
    .sms = Sorry: we received your question, but the portal did not answer. Please ask again in { $wait }. If urgent, ask the desk that received it.
