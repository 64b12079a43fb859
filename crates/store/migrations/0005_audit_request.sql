-- Both records of a call are found by its request.

CREATE INDEX audit_request ON audit (request_id, seq);
