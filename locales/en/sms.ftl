# Spoken in SMS only. Words to send are arguments.

sms-help = Text { $status } <number> for a dossier; add the last 4 digits of the ID to see more. { $procedure } <words> for a procedure. { $notify } <number> to be told of changes. { $stop } to stop notices. { $help } for this message. We never ask for your password.
sms-more-hint = Text { $more } for more
