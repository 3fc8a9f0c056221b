# The citizens' pages in a browser.

pages-brand = Đa Kênh
pages-brand-sub = Public services of the province
pages-skip = Skip to the main content
pages-nav = Pages
pages-nav-front = Home
pages-nav-dossiers = Look up a dossier
pages-nav-procedures = Procedures
pages-nav-chat = Chat
pages-language-name = English
pages-language-switch = Show this page in Vietnamese
pages-theme = Light / dark
pages-foot-hours = Opening hours
pages-foot-help = Help from a person
pages-foot-hotline = Hotline:
pages-foot-privacy = This page uses no cookies. We never ask for your password or your card number.
pages-notices = Notices

## Front page

pages-front-title = What do you need?
pages-front-lead = See where your dossier is, or ask which papers a procedure needs, how long it takes and what it costs.
pages-ask-label = Type a dossier number, or ask in your own words
pages-ask-hint = For example 000.00.17.H09-210819-0012, or “what do I need for a birth certificate”.
pages-ask-button = Search
