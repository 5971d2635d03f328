"""Verifies and signs with dkimpy, for sign.test.ts: JSON in, JSON out."""

import base64
import json
import sys

import dkim

asked = json.load(sys.stdin)


def lookup(name, timeout=5):
    return asked["records"][name.decode().split(".")[0]].encode()


def sign(sample):
    is_rsa = sample["type"] == "rsa"
    message = sample["text"].encode()
    field = dkim.sign(
        message,
        sample["type"].encode(),
        b"x.test",
        asked["rsa"].encode() if is_rsa else asked["seed"].encode(),
        canonicalize=(sample["headerForm"].encode(), sample["bodyForm"].encode()),
        signature_algorithm=b"rsa-sha256" if is_rsa else b"ed25519-sha256",
        include_headers=[b"from", b"subject", b"date", b"to", b"cc"],
    )
    return base64.b64encode(field + message).decode()


verdicts = [dkim.verify(base64.b64decode(message), dnsfunc=lookup) for message in asked["messages"]]
json.dump({"verdicts": verdicts, "signed": [sign(sample) for sample in asked["texts"]]}, sys.stdout)
