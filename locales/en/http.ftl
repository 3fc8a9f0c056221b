# What goes wrong before a question reaches the desk: for apps and pages.

http-unknown-route = Nothing lives at this address. Please check the path.
http-method-not-allowed = This address does not take this method.
http-malformed-json = The body is not valid JSON. Please correct it and send it again.
http-invalid-fields = A field of the body is missing or of the wrong kind. Please correct it and send it again.
http-unknown-session = This chat is over. Please load the page again.
http-invalid-query = A search parameter is not right. Please correct it and send it again.
http-invalid-cursor = The list has changed. Please start from its beginning.
http-unreadable-body = The body did not arrive whole. Please send it again.
http-body-too-large = The body is too large. Please send less.
http-unsupported-media = The body must be JSON.
http-timed-out = The request came too slowly. Please try again.
http-signature-missing = This request must bear the terminal's signature. Please tell an officer.
http-signature-malformed = The terminal's signature is not of the right form. Please tell an officer.
http-signature-stale = The terminal's clock is wrong. Please tell an officer.
http-signature-invalid = The terminal's signature does not match. Please tell an officer.
http-signature-replayed = This request was received before. Please send a new one.
http-digest-mismatch = What arrived is not what was signed. Please send it again.
http-terminal-unknown = This terminal is not enrolled. Please tell an officer.
http-terminal-revoked = This terminal was revoked. Please tell an officer.
http-enrolment-refused = The code for this terminal is wrong or over. Please get a new one.
http-overloaded = Many people are asking just now. Please try again in a few seconds.

http-title-bad-request = Bad request
http-title-conflict = A choice is needed
http-title-forbidden = Not allowed
http-title-gateway-timeout = Late answer
http-title-internal = Internal error
http-title-method = Method not allowed
http-title-not-found = Not found
http-title-timeout = Request timeout
http-title-too-large = Body too large
http-title-too-many = Too many requests
http-title-unauthorized = Not recognised
http-title-unavailable = Not available now
http-title-unprocessable = Not understood
http-title-unsupported-media = Unsupported media type
