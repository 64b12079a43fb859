#!/usr/bin/env python3
"""Receives the webhooks of one project: WEBHOOK_SECRET=whsec_… python3 webhook-receiver.py [PORT]

Verifies what docs/howto/webhooks.md says, and prints one line a message. A test runs this file.
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ["WEBHOOK_SECRET"].removeprefix("whsec_"))
TOLERANCE = 5 * 60  # seconds: an older message may be one that somebody recorded
LARGEST = 1 << 20
SEEN = {}  # ids that were taken, with the time: a message may come twice


def problem(headers, body, now):
    """Why the message is not to be believed; None when it is."""
    sent_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    if not sent_id or not timestamp.isdigit() or abs(now - int(timestamp)) > TOLERANCE:
        return "no id, or too old"
    signed = sent_id.encode() + b"." + timestamp.encode() + b"." + body
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    # More than one signature may come, with a space between, while a secret is changed.
    for signature in headers.get("webhook-signature", "").split(" "):
        version, _, value = signature.partition(",")
        if version == "v1" and hmac.compare_digest(value, expected):
            return None
    return "the signature is wrong"


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(min(length, LARGEST))
        now = time.time()
        wrong = problem(self.headers, body, now)
        if wrong is None and self.headers["webhook-id"] not in SEEN:
            SEEN[self.headers["webhook-id"]] = now
            message = json.loads(body)
            print(message["type"], message["data"]["subject"], flush=True)
        self.send_response(401 if wrong else 204)
        self.end_headers()

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Receiver)
    print("listening on", server.server_port, flush=True)
    server.serve_forever()
