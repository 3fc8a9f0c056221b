# A conversation at the terminal (dakenh ask).

terminal-hint = Type a number to choose, “/vi” for Vietnamese, “exit” to end.
terminal-goodbye = Goodbye.
terminal-gone = We are sorry: the gateway can no longer be reached. Please ask again later.
