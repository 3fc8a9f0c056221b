# Telegram's menu of commands: what each is for, and the words that it sends.

telegram-track = See where your dossier is
telegram-track-says = track my dossier
telegram-procedures = Ask about a procedure: papers, fees, time
telegram-procedures-says = which papers do I need for
telegram-person = Talk to a person
telegram-person-says = talk to a person
telegram-help = What you can ask
telegram-help-says = help
telegram-other-language = Trả lời bằng tiếng Việt
telegram-other-language-says = trả lời bằng tiếng Việt
