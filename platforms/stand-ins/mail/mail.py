"""
Takes the place of a mail server: takes mails on port 587, after STARTTLS and a login only, and prints
each as a line of JSON.
"""

import base64
import email
import json
import signal
import socketserver
import ssl
import sys

CERTIFICATE = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
CERTIFICATE.load_cert_chain("/opt/mail.crt", "/opt/mail.key")


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.secure, self.mail = False, {}
        self.say("220 mail")
        while words := self.rfile.readline().decode().strip().split(" "):
            if words == [""] or words[0].upper() == "QUIT":
                return self.say("221 bye")
            answer = getattr(self, "on_" + words[0].lower(), None)
            self.say(answer(" ".join(words[1:])) if answer else "500 unknown")

    def say(self, line):
        if line:
            self.wfile.write(line.encode() + b"\r\n")

    def on_ehlo(self, _):
        self.say("250-mail")
        return "250 AUTH PLAIN" if self.secure else "250 STARTTLS"

    def on_starttls(self, _):
        self.say("220 go ahead")
        self.request = CERTIFICATE.wrap_socket(self.request, server_side=True)
        self.setup()
        self.secure = True

    def on_auth(self, words):
        if not self.secure:
            return "530 STARTTLS first"
        _, user, password = base64.b64decode(words.split(" ")[1]).decode().split("\0")
        self.mail.update(user=user, password=password)
        return "235 welcome"

    def on_mail(self, words):
        if "user" not in self.mail:
            return "530 log in first"
        self.mail["from"] = words
        return "250 ok"

    def on_rcpt(self, words):
        self.mail["to"] = words
        return "250 ok"

    def on_rset(self, _):
        return "250 ok"

    def on_data(self, _):
        self.say("354 end with a dot")
        lines = []
        while (line := self.rfile.readline().rstrip(b"\r\n")) != b".":
            lines.append(line)
        message = email.message_from_bytes(b"\n".join(lines))
        text = message.get_payload(decode=True).decode()
        print(json.dumps({**self.mail, "subject": message["Subject"], "text": text}), flush=True)
        return "250 ok"


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


# As process 1 it would ignore what nothing handles.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
Server(("", 587), Conversation).serve_forever()
