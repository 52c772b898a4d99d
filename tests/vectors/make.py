"""Makes v1.json: known answers of the protocol (docs/protocol.md, 13).

Shares no code with the product: written from the document alone, on Python's `cryptography`
(44 or newer). Run it after a change of the protocol, read the difference, commit both:

    python3 tests/vectors/make.py | npx prettier --parser json > tests/vectors/v1.json
"""

import base64
import hashlib
import hmac
import json
import struct
import unicodedata

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SUITE = 1
ZERO16, ZERO32 = bytes(16), bytes(32)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def u8(n):
    return struct.pack(">B", n)


def u16(n):
    return struct.pack(">H", n)


def u32(n):
    return struct.pack(">I", n)


def u64(n):
    return struct.pack(">Q", n)


def lp(data):
    return u16(len(data)) + data


def label(name):
    return b"keyhold/v1/" + name.encode()


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def expand(key, info, length=32, salt=b""):
    return HKDF(hashes.SHA256(), length, salt, info).derive(key)


def public(seed):
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed, message):
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def context(purpose, generation, account, scope, obj, revision):
    made = b"KHv1" + u8(SUITE) + u8(purpose) + u32(generation) + account + scope + obj + u64(revision)
    assert len(made) == 66
    return made


def wrap_parts(key, ctx, salt):
    okm = expand(key, label("wrap") + b"\0" + sha256(ctx), 76, salt)
    return okm[:32], okm[32:44], okm[44:]


def wrap(key, ctx, plain, salt):
    cipher_key, nonce, commitment = wrap_parts(key, ctx, salt)
    return u8(SUITE) + salt + commitment + AESGCM(cipher_key).encrypt(nonce, plain, ctx)


def seal(key, ctx, plain, nonce):
    return u8(SUITE) + nonce + AESGCM(key).encrypt(nonce, plain, ctx)


def pad(plain, total):
    return u32(len(plain)) + plain + bytes(total - 4 - len(plain))


def padme(length):
    if length < 2:
        return length
    e = length.bit_length() - 1
    s = (e.bit_length() - 1) + 1
    unit = 1 << max(0, e - s)
    return -(-length // unit) * unit


def pages(size):
    return lambda length: max(1, -(-length // size)) * size


def secret_size(length):
    return max(256, padme(length))


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def symbols(data, count):
    bits = int.from_bytes(data, "big")
    total = len(data) * 8
    return "".join(CROCKFORD[(bits >> (total - 5 * (i + 1))) & 31] for i in range(count))


def kit(r20):
    text = symbols(r20, 32) + symbols(sha256(label("recovery/check"), b"\0", r20), 4)
    return "-".join(["KH1"] + [text[i : i + 4] for i in range(0, 36, 4)])


def normal_email(typed):
    return "".join(c.lower() if "A" <= c <= "Z" else c for c in unicodedata.normalize("NFC", typed.strip(" ")))


def run(first):
    return bytes(range(first, first + 16))


# Inputs.
ACCOUNT, SLOT, VAULT, ITEM = run(0x00), run(0x10), run(0x20), run(0x30)
SALT16, DEVICE, SHEET = run(0x40), run(0x50), run(0x60)
RECOVERY_SLOT = bytes(b ^ 0xFF for b in SLOT)
NOTE = run(0x70)
EMAIL, PASSWORD = "ada@example.org", "correct horse battery \ufb01sh"
AK, VK, WRAP_SALT, NONCE = b"\xa0" * 32, b"\xb0" * 32, b"\xc0" * 32, b"\xc1" * 12
CHALLENGE, EXPIRES, NOW = b"\xd0" * 32, 1700000120000, 1700000000000
ORIGIN, R20, PRF = "https://vault.example.org", bytes(range(20)), b"\xe0" * 32
SECRET = {"v": 1, "fields": [{"name": "key", "value": "sk_live_51H"}]}
OVERVIEW = {"v": 1, "name": "Stripe live"}
SETTINGS = {"v": 1, "theme": "dark"}
ACTION = {"purpose": 4, "method": "POST", "path": "/api/v1/account/rotation", "body": "{}"}
CREDENTIAL, RP_ID = b"cred", "vault.example.org"

# Slots.
KDF_SALT = sha256(label("kdf-salt"), b"\0", u8(1), lp(EMAIL.encode()), SALT16)
ROOT = Argon2id(salt=KDF_SALT, length=32, iterations=3, lanes=1, memory_cost=65536).derive(
    unicodedata.normalize("NFKC", PASSWORD).encode()
)


def slot_keys(root, kind):
    return expand(root, label("slot/kek") + b"\0" + u8(kind)), expand(root, label("slot/auth") + b"\0" + u8(kind))


KEK, SEED = slot_keys(ROOT, 1)
PASSWORD_DESC = sha256(u8(1), u8(1), SALT16)[:16]
RECOVERY_DESC = sha256(u8(2))[:16]
PASSKEY_DESC = sha256(u8(3), lp(CREDENTIAL), lp(RP_ID.encode()))[:16]
RECOVERY_ROOT = expand(R20, label("recovery/root"))
RECOVERY_KEK, RECOVERY_SEED = slot_keys(RECOVERY_ROOT, 2)
PASSKEY_KEK, _ = slot_keys(PRF, 3)
SLOT_CONTEXT = context(1, 1, ACCOUNT, SLOT, PASSWORD_DESC, 1)
SLOT_PLAIN = u32(1) + AK
SLOT_WRAP = wrap(KEK, SLOT_CONTEXT, SLOT_PLAIN, WRAP_SALT)
RECOVERY_WRAP = wrap(RECOVERY_KEK, context(1, 1, ACCOUNT, RECOVERY_SLOT, RECOVERY_DESC, 1), SLOT_PLAIN, WRAP_SALT)

# Keys.
ACCOUNT_KEYS = {name: expand(AK, label("account/" + name)) for name in ("manifest", "vault-wrap", "settings")}
VAULT_KEYS = {
    name: expand(VK, label("vault/" + name)) for name in ("sheets", "secrets", "manifest", "notes", "fingerprint")
}
VAULT_WRAP = wrap(ACCOUNT_KEYS["vault-wrap"], context(3, 1, ACCOUNT, VAULT, ZERO16, 1), u32(1) + VK, WRAP_SALT)

# A vault with one key.
SECRET_CONTEXT = context(6, 1, ACCOUNT, VAULT, ITEM, 2)
SECRET_JSON = compact(SECRET)
SECRET_PLAIN = pad(SECRET_JSON, secret_size(4 + len(SECRET_JSON)))
SECRET_BLOB = seal(VAULT_KEYS["secrets"], SECRET_CONTEXT, SECRET_PLAIN, NONCE)
ENTRY = {"id": b64(ITEM), "revision": 2, "secretHash": b64(sha256(SECRET_BLOB)), "overview": OVERVIEW}
SHEET_CONTEXT = context(5, 1, ACCOUNT, VAULT, SHEET, 2)


def sheet_blob(json_bytes):
    plain = pad(json_bytes, pages(4096)(4 + len(json_bytes)))
    return seal(VAULT_KEYS["sheets"], SHEET_CONTEXT, plain, NONCE)


SHEET_BLOB = sheet_blob(compact({"v": 1, "items": [ENTRY]}))


def vault_manifest_plain(seq, prev, count, sheets, vault=VAULT, generation=1, version=1):
    made = b"KHVM" + u8(version) + vault + u32(generation) + u64(seq) + prev + u64(NOW) + DEVICE + u32(count)
    return made + u16(len(sheets)) + b"".join(s + u64(r) + h for s, r, h in sheets)


def vault_manifest(seq, plain):
    return wrap(VAULT_KEYS["manifest"], context(4, 1, ACCOUNT, VAULT, ZERO16, seq), plain, WRAP_SALT)


def head(prev, wrapped):
    return sha256(prev, sha256(wrapped))


SHEETS = [(SHEET, 2, sha256(SHEET_BLOB))]
MANIFEST_1 = vault_manifest(1, vault_manifest_plain(1, ZERO32, 0, []))
HEAD_1 = head(ZERO32, MANIFEST_1)
MANIFEST_2_PLAIN = vault_manifest_plain(2, HEAD_1, 1, SHEETS)
MANIFEST_2 = vault_manifest(2, MANIFEST_2_PLAIN)
HEAD_2 = head(HEAD_1, MANIFEST_2)

# The account.
PASSWORD_ROW = SLOT + u8(1) + u8(1) + u64(NOW) + public(SEED) + sha256(SLOT_WRAP)
RECOVERY_ROW = RECOVERY_SLOT + u8(2) + u8(0) + u64(NOW) + public(RECOVERY_SEED) + sha256(RECOVERY_WRAP)
VAULT_ROW = VAULT + u32(1) + sha256(VAULT_WRAP) + u64(1)


def account_manifest_plain(slots, vaults, min_suite=1, min_profile=1, prev=ZERO32, seq=1, version=1, account=ACCOUNT):
    made = b"KHAM" + u8(version) + account + u32(1) + u64(seq) + prev + u8(min_suite) + u8(min_profile)
    made += u64(NOW) + DEVICE + ZERO32
    return made + u16(len(slots)) + b"".join(slots) + u16(len(vaults)) + b"".join(vaults)


def account_manifest(plain, seq=1):
    return wrap(ACCOUNT_KEYS["manifest"], context(2, 1, ACCOUNT, ZERO16, ZERO16, seq), plain, WRAP_SALT)


ACCOUNT_PLAIN = account_manifest_plain([PASSWORD_ROW, RECOVERY_ROW], [VAULT_ROW])
ACCOUNT_MANIFEST = account_manifest(ACCOUNT_PLAIN)
SETTINGS_CONTEXT = context(7, 1, ACCOUNT, ZERO16, ZERO16, 2)
SETTINGS_JSON = compact(SETTINGS)
SETTINGS_BLOB = wrap(
    ACCOUNT_KEYS["settings"], SETTINGS_CONTEXT, pad(SETTINGS_JSON, pages(1024)(4 + len(SETTINGS_JSON))), WRAP_SALT
)

# Proofs.


def message(purpose, action_hash):
    made = label("auth") + b"\0" + u8(purpose) + ACCOUNT + SLOT + CHALLENGE + u64(EXPIRES)
    return made + lp(ORIGIN.encode()) + action_hash


ACTION_HASH = sha256(
    label("action"),
    b"\0",
    lp(ACTION["method"].encode()),
    lp(ACTION["path"].encode()),
    sha256(ACTION["body"].encode()),
)
AUTH_MESSAGE = message(1, ZERO32)
ACTION_MESSAGE = message(ACTION["purpose"], ACTION_HASH)


# What must not open, each with its code. `record` names the opener and what it expects.
def flip(data, index):
    return data[:index] + u8(data[index] ^ 1) + data[index + 1 :]


def secret_plain(plain):
    return seal(VAULT_KEYS["secrets"], SECRET_CONTEXT, plain, NONCE)


def settings_plain(plain):
    return wrap(ACCOUNT_KEYS["settings"], SETTINGS_CONTEXT, plain, WRAP_SALT)


def secret_json(text):
    data = text if isinstance(text, bytes) else text.encode()
    return secret_plain(pad(data, secret_size(4 + len(data))))


def nested(depth):
    """An object whose member `a` nests `depth` containers in all, the object included."""
    return '{"v":1,"a":' + "[" * (depth - 1) + "]" * (depth - 1) + "}"


SHEETS_OFF_ORDER = [(bytes([0x61]) * 16, 2, ZERO32), (SHEET, 2, sha256(SHEET_BLOB))]
KIND_4_ROW = RECOVERY_SLOT[:15] + b"\0" + u8(4) + u8(0) + u64(NOW) + b"\1" * 32 + ZERO32
PASSKEY_ROW = b"\x90" * 16 + u8(3) + u8(0) + u64(NOW) + ZERO32 + ZERO32


def refusals():
    wrap_cases = [
        ("empty", b"", "format"),
        ("one byte short", SLOT_WRAP[:-1], "format"),
        ("one byte long", SLOT_WRAP + b"\0", "format"),
        ("suite 0", flip(SLOT_WRAP, 0), "unsupported"),
        ("suite 2", u8(2) + SLOT_WRAP[1:], "unsupported"),
        ("salt changed", flip(SLOT_WRAP, 1), "integrity"),
        ("commitment changed", flip(SLOT_WRAP, 64), "integrity"),
        ("ciphertext changed", flip(SLOT_WRAP, 65), "integrity"),
        ("tag changed", flip(SLOT_WRAP, 116), "integrity"),
        ("the kit's wrap", RECOVERY_WRAP, "integrity"),
        ("generation 2 inside", wrap(KEK, SLOT_CONTEXT, u32(2) + AK, WRAP_SALT), "integrity"),
    ]
    yield from (("slot wrap", *case) for case in wrap_cases)
    v = vault_manifest_plain
    vault_cases = [
        ("manifest 1 as 2", MANIFEST_1, "integrity"),
        ("another vault inside", vault_manifest(2, v(2, HEAD_1, 1, SHEETS, vault=ITEM)), "integrity"),
        ("another generation inside", vault_manifest(2, v(2, HEAD_1, 1, SHEETS, generation=2)), "integrity"),
        ("another seq inside", vault_manifest(2, v(3, HEAD_1, 1, SHEETS)), "integrity"),
        ("version 2", vault_manifest(2, v(2, HEAD_1, 1, SHEETS, version=2)), "unsupported"),
        ("no prev at seq 2", vault_manifest(2, v(2, ZERO32, 1, SHEETS)), "integrity"),
        ("a byte too many", vault_manifest(2, MANIFEST_2_PLAIN + b"\0"), "format"),
        ("a byte too few", vault_manifest(2, MANIFEST_2_PLAIN[:-1]), "format"),
        ("sheets out of order", vault_manifest(2, v(2, HEAD_1, 2, SHEETS_OFF_ORDER)), "integrity"),
        ("a sheet twice", vault_manifest(2, v(2, HEAD_1, 2, SHEETS * 2)), "integrity"),
        ("a sheet from the future", vault_manifest(2, v(2, HEAD_1, 1, [(SHEET, 3, ZERO32)])), "integrity"),
        ("a sheet of revision 0", vault_manifest(2, v(2, HEAD_1, 1, [(SHEET, 0, ZERO32)])), "integrity"),
        ("no item in a sheet", vault_manifest(2, v(2, HEAD_1, 0, SHEETS)), "integrity"),
        ("65 items in a sheet", vault_manifest(2, v(2, HEAD_1, 65, SHEETS)), "integrity"),
        ("a revision above 2^53 - 1", vault_manifest(2, v(2, HEAD_1, 1, [(SHEET, 2**53, ZERO32)])), "format"),
    ]
    yield from (("vault manifest 2", *case) for case in vault_cases)
    a = account_manifest_plain
    both = [PASSWORD_ROW, RECOVERY_ROW]
    account_cases = [
        ("another account inside", account_manifest(a(both, [VAULT_ROW], account=ITEM)), "integrity"),
        ("a prev at seq 1", account_manifest(a(both, [VAULT_ROW], prev=HEAD_1)), "integrity"),
        ("another seq inside", account_manifest(a(both, [VAULT_ROW], prev=HEAD_1, seq=2)), "integrity"),
        ("suite 2 demanded", account_manifest(a(both, [VAULT_ROW], min_suite=2)), "unsupported"),
        ("password below the profile", account_manifest(a(both, [VAULT_ROW], min_profile=2)), "integrity"),
        ("version 2", account_manifest(a(both, [VAULT_ROW], version=2)), "unsupported"),
        ("slots out of order", account_manifest(a(both[::-1], [VAULT_ROW])), "integrity"),
        ("a vault twice", account_manifest(a(both, [VAULT_ROW] * 2)), "integrity"),
        ("one slot", account_manifest(a([PASSWORD_ROW], [VAULT_ROW])), "integrity"),
        ("no password", account_manifest(a([PASSKEY_ROW, RECOVERY_ROW], [VAULT_ROW])), "integrity"),
        ("a reserved kind", account_manifest(a([PASSWORD_ROW, KIND_4_ROW], [VAULT_ROW])), "unsupported"),
        ("a byte too many", account_manifest(ACCOUNT_PLAIN + b"\0"), "format"),
    ]
    yield from (("account manifest 1", *case) for case in account_cases)
    flipped_pad = SECRET_PLAIN[:-1] + b"\1"
    secret_cases = [
        ("suite 2", u8(2) + SECRET_BLOB[1:], "unsupported"),
        ("cut", SECRET_BLOB[:28], "format"),
        ("tag changed", flip(SECRET_BLOB, len(SECRET_BLOB) - 1), "integrity"),
        ("the sheet", SHEET_BLOB, "integrity"),
        ("pad not zero", secret_plain(flipped_pad), "format"),
        ("padded too far", secret_plain(pad(SECRET_JSON, 272)), "format"),
        ("length beyond the end", secret_plain(u32(253) + SECRET_PLAIN[4:]), "format"),
        ("length 2^32 - 1", secret_plain(b"\xff" * 4 + SECRET_PLAIN[4:]), "format"),
        ("no plaintext", secret_plain(b""), "format"),
        ("version 2", secret_json('{"v":2}'), "unsupported"),
        ("no version", secret_json("{}"), "unsupported"),
        ("not an object", secret_json("[]"), "format"),
        ("not JSON", secret_json('{"v":1,}'), "format"),
        ("byte order mark", secret_json('\ufeff{"v":1}'), "format"),
        ("not UTF-8", secret_json(b'{"v":1,"a":"\xff"}'), "format"),
        ("__proto__", secret_json('{"v":1,"a":{"__proto__":{"b":1}}}'), "format"),
        ("escaped __proto__", secret_json('{"v":1,"\\u005f_proto__":null}'), "format"),
        ("a name twice", secret_json('{"v":1,"a":1,"a":1}'), "format"),
        ("a name twice, once escaped", secret_json('{"v":1,"a":1,"\\u0061":1}'), "format"),
        ("depth 9", secret_json(nested(9)), "format"),
        ("2^53", secret_json('{"v":1,"a":9007199254740992}'), "format"),
        ("1e400", secret_json('{"v":1,"a":1e400}'), "format"),
        ("a lone surrogate", secret_json('{"v":1,"a":"\\ud800"}'), "format"),
        ("a lone surrogate in a name", secret_json('{"v":1,"\\uDFFF":1}'), "format"),
    ]
    yield from (("secret", *case) for case in secret_cases)
    entry = {**ENTRY}
    sheet_cases = [
        ("version 2", sheet_blob(compact({"v": 2, "items": [ENTRY]})), "unsupported"),
        ("no item", sheet_blob(compact({"v": 1, "items": []})), "integrity"),
        ("an item twice", sheet_blob(compact({"v": 1, "items": [ENTRY, ENTRY]})), "integrity"),
        ("an item from the future", sheet_blob(compact({"v": 1, "items": [{**entry, "revision": 3}]})), "integrity"),
        ("an item of revision 0", sheet_blob(compact({"v": 1, "items": [{**entry, "revision": 0}]})), "integrity"),
        ("an id of 15 bytes", sheet_blob(compact({"v": 1, "items": [{**entry, "id": b64(ITEM[:15])}]})), "format"),
        ("no overview", sheet_blob(compact({"v": 1, "items": [{**entry, "overview": None}]})), "format"),
    ]
    yield from (("sheet", *case) for case in sheet_cases)
    settings_cases = [
        ("of another seq", wrap(ACCOUNT_KEYS["settings"], context(7, 1, ACCOUNT, ZERO16, ZERO16, 3), pad(SETTINGS_JSON, 1024), WRAP_SALT), "integrity"),
        ("padded too far", settings_plain(pad(SETTINGS_JSON, 2048)), "format"),
        ("version 2", settings_plain(pad(b'{"v":2}', 1024)), "unsupported"),
    ]
    yield from (("settings", *case) for case in settings_cases)


ACCEPTED_JSON = [
    {"json": nested(8)},
    {"json": '{"v":1,"constructor":{"prototype":1},"a b":[1.5,-0.25,true,null]}'},
    {"json": '{"v":1,"a":9007199254740991,"b":-9007199254740991}'},
    {"json": '{"v":1,"a":"\\\\","b":"\\":{[","c":"\\\\\\""}'},
    {"json": '{"v":1,"a":"\\ud83d\\udd11"}'},
]

EMAILS = ["ada@example.org", "  Ada@Example.ORG ", "A\u030asa@example.org", "\u00c5SA@example.org", "H\u0331@x"]
REFUSED_EMAILS = ["", "ada", "a@b@c", "a b@c", "a\t@c", "a@c\n", "\u00a0a@c", "a\u2028@c", "a\u0085@c", "a@" + "x" * 253]
PASSWORDS = [PASSWORD, "  leading and trailing  ", "A\u030angstro\u0308m \u2126 \uff21"]

PUBLISHED = {
    "kdf_salt": KDF_SALT,
    "root": ROOT,
    "kek": KEK,
    "auth_public": public(SEED),
    "context_slot": SLOT_CONTEXT,
    "slot_wrap": SLOT_WRAP,
    "vault_key_wrap": VAULT_WRAP,
    "key_account_manifest": ACCOUNT_KEYS["manifest"],
    "key_vault_wrap": ACCOUNT_KEYS["vault-wrap"],
    "key_vault_sheets": VAULT_KEYS["sheets"],
    "key_vault_secrets": VAULT_KEYS["secrets"],
    "key_vault_manifest": VAULT_KEYS["manifest"],
    "secret_blob_bytes": len(SECRET_BLOB),
    "secret_blob_sha256": sha256(SECRET_BLOB),
    "sheet_blob_bytes": len(SHEET_BLOB),
    "sheet_blob_sha256": sha256(SHEET_BLOB),
    "vault_manifest_1_sha256": sha256(MANIFEST_1),
    "vault_manifest_2_bytes": len(MANIFEST_2),
    "vault_manifest_2_sha256": sha256(MANIFEST_2),
    "vault_head_1": HEAD_1,
    "vault_head_2": HEAD_2,
    "recovery_slot_wrap_sha256": sha256(RECOVERY_WRAP),
    "passkey_context_descriptor": PASSKEY_DESC,
    "settings_sha256": sha256(SETTINGS_BLOB),
    "account_manifest_1_bytes": len(ACCOUNT_MANIFEST),
    "account_manifest_1_sha256": sha256(ACCOUNT_MANIFEST),
    "auth_message_sha256": sha256(AUTH_MESSAGE),
    "auth_signature": sign(SEED, AUTH_MESSAGE),
    "action_message_sha256": sha256(ACTION_MESSAGE),
    "action_signature": sign(SEED, ACTION_MESSAGE),
    "recovery_kit": kit(R20),
    "recovery_root": RECOVERY_ROOT,
    "recovery_locator": expand(R20, label("recovery/locator"), 16),
    "recovery_auth_public": public(RECOVERY_SEED),
}

FURTHER = {
    "key_account_settings": ACCOUNT_KEYS["settings"],
    "key_vault_notes": VAULT_KEYS["notes"],
    "key_vault_fingerprint": VAULT_KEYS["fingerprint"],
    "passkey_prf_input": sha256(label("passkey/prf")),
    "passkey_kek": PASSKEY_KEK,
    "recovery_kek": RECOVERY_KEK,
    "fingerprint": b64(hmac.digest(VAULT_KEYS["fingerprint"], b"sk_live_51H", "sha256")[:16]),
    "action_hash": ACTION_HASH,
    "auth_message": AUTH_MESSAGE,
    "account_head_1": head(ZERO32, ACCOUNT_MANIFEST),
    "note_sealed": seal(VAULT_KEYS["notes"], context(8, 1, ACCOUNT, VAULT, NOTE, 1), b"note", NONCE),
}

INPUTS = {
    "account": b64(ACCOUNT),
    "slot": b64(SLOT),
    "recoverySlot": b64(RECOVERY_SLOT),
    "vault": b64(VAULT),
    "item": b64(ITEM),
    "device": b64(DEVICE),
    "sheet": b64(SHEET),
    "note": b64(NOTE),
    "salt16": SALT16,
    "email": EMAIL,
    "password": PASSWORD,
    "accountKey": AK,
    "vaultKey": VK,
    "wrapSalt": WRAP_SALT,
    "sealNonce": NONCE,
    "challenge": CHALLENGE,
    "expiresAtMs": EXPIRES,
    "unixMs": NOW,
    "origin": ORIGIN,
    "r20": R20,
    "prf": PRF,
    "secret": SECRET,
    "overview": OVERVIEW,
    "settings": SETTINGS,
    "action": ACTION,
    "credentialId": CREDENTIAL,
    "rpId": RP_ID,
}

RECORDS = {
    "slot wrap": SLOT_WRAP,
    "recovery slot wrap": RECOVERY_WRAP,
    "vault key wrap": VAULT_WRAP,
    "secret": SECRET_BLOB,
    "sheet": SHEET_BLOB,
    "vault manifest 1": MANIFEST_1,
    "vault manifest 2": MANIFEST_2,
    "account manifest 1": ACCOUNT_MANIFEST,
    "settings": SETTINGS_BLOB,
}


def written(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: written(member) for name, member in value.items()}
    if isinstance(value, list):
        return [written(element) for element in value]
    return value


VECTORS = {
    "about": "Known answers of docs/protocol.md. Bytes are hexadecimal, ids and records base64url.",
    "inputs": INPUTS,
    "published": PUBLISHED,
    "further": FURTHER,
    "records": {name: b64(blob) for name, blob in RECORDS.items()},
    "refused": [{"record": r, "name": n, "code": c, "bytes": b64(b)} for r, n, b, c in refusals()],
    "acceptedSecrets": [{**case, "bytes": b64(secret_json(case["json"]))} for case in ACCEPTED_JSON],
    "emails": [{"typed": typed, "email": normal_email(typed)} for typed in EMAILS],
    "refusedEmails": REFUSED_EMAILS,
    "passwords": [{"typed": p, "bytes": unicodedata.normalize("NFKC", p).encode()} for p in PASSWORDS],
    "secretSizes": [[n, secret_size(n)] for n in (4, 255, 256, 257, 264, 265, 511, 512, 513, 1000, 40000, 65535, 65536)],
    "kits": [{"r20": r, "kit": kit(r)} for r in (bytes(20), b"\xff" * 20, R20)],
}

print(json.dumps(written(VECTORS), indent="\t", ensure_ascii=True))
