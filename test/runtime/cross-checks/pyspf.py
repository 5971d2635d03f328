"""Evaluates SPF with pyspf, asking one name server: JSON in, JSON out."""

import json
import sys

import dns.resolver
import spf

asked = json.load(sys.stdin)
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers = ["127.0.0.1"]
resolver.port = asked["port"]
resolver.cache = dns.resolver.LRUCache()
dns.resolver.default_resolver = resolver


def evaluate(case):
    query = spf.query(case["address"], case["sender"], case["helo"], strict=True, timeout=20, querytime=20)
    result, _, explanation = query.check()
    return [result, explanation]


json.dump([evaluate(case) for case in asked["cases"]], sys.stdout)
