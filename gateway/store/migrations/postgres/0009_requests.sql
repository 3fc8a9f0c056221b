-- What a citizen asked before, for the officer who talks with them: by sender,
-- within runs of 4,096 rows as audit_by_answer_code. Only roads that name their
-- sender: rows of apps and browsers, by far the most, cost nothing more.
CREATE INDEX audit_by_sender ON audit ((id >> 12), sender)
    WHERE channel IN ('sms', 'zalo', 'telegram', 'webchat');
