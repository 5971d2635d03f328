"""Verifies and signs with dkimpy: JSON in, JSON out. Bytes are Latin-1 in both."""

import json
import sys

import dkim

asked = json.load(sys.stdin)


def lookup(name, timeout=5):
    return asked["records"][name.decode().split(".")[0]].encode()


def verify(message):
    try:
        return dkim.verify(message.encode("latin-1"), dnsfunc=lookup)
    except Exception as error:  # what it cannot read it has not verified
        return f"{type(error).__name__}: {error}"


def sign(sample):
    is_rsa = sample["type"] == "rsa"
    message = sample["content"].encode("latin-1")
    field = dkim.sign(
        message,
        sample["type"].encode(),
        b"x.test",
        asked["rsa"].encode() if is_rsa else asked["seed"].encode(),
        canonicalize=(sample["headerForm"].encode(), sample["bodyForm"].encode()),
        signature_algorithm=b"rsa-sha256" if is_rsa else b"ed25519-sha256",
        include_headers=[name.lower().encode() for name in sample["oversigned"]],
    )
    return (field + message).decode("latin-1")


json.dump(
    {
        "verdicts": [verify(message) for message in asked["messages"]],
        "signed": [sign(sample) for sample in asked["samples"]],
    },
    sys.stdout,
)
