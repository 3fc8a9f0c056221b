# The phone's pages: going on from a terminal.

continued-title = Go on with your phone
continued-free = You have scanned a code on a terminal. Please press the button, then enter on the terminal the 4 digits that appear.
continued-free-care = Press it only if you are standing at the terminal.
continued-free-button = Go on with this phone
continued-match-title = Please enter these 4 digits on the terminal
continued-match = Once they are entered on the terminal, this page goes on by itself. If it does not, please press the button.
continued-match-button = I have entered them
continued-match-not-yet = The terminal does not have the 4 digits yet. Please enter them there first.
continued-taken-title = A phone has scanned this code already
continued-taken = A code is for one phone only. If it was not yours, please press “Make a new code” on the terminal and scan again.
continued-expired-title = The code has expired
continued-mistyped-title = The code is locked: wrong digits were entered too often
continued-replaced-title = The terminal has made a new code
continued-used-title = The code has been used
continued-unknown-title = There is no such code
continued-over = Please make a new code on the terminal and scan it, or go on from the front page.
continued-front = To the front page
continued-ticket-title = Your number
continued-ticket-number = Number { $number }
continued-ticket-again = Look again
continued-ticket-note = A number holds for its day only. Please watch and listen to the hall’s display.
