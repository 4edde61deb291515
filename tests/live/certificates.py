"""Certificates of every kind, made anew for each run of the tests; each is a name and the files `NAME.pem`
(certificate and what it rests on, but for the root), `NAME.key`, and `NAME.both` with the two in one."""

import datetime
import ipaddress
import os
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

HOST = '127.0.0.1'
DAY = datetime.timedelta(days=1)
NOW = datetime.datetime(*datetime.datetime.now(datetime.timezone.utc).timetuple()[:6])
PRESENT, PAST, FUTURE = (NOW - DAY, NOW + DAY), (NOW - 9 * DAY, NOW - 3 * DAY), (NOW + 3 * DAY, NOW + 9 * DAY)


def named(common):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)] if common else [])


def general(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Shelf(object):
    """A directory of them. Keys are shared, as making them is what takes time."""

    def __init__(self, directory):
        self.directory = str(directory)
        self.keys = {'authority': self.key(2048), 'leaf': self.key(2048), 'small': self.key(1024)}
        self.made = {}
        self.root = self.make('root', 'The Test Authority', sign_by=None, key='authority', is_ca=True)
        self.make('stranger', 'Some Stranger', sign_by=None, key='authority', is_ca=True)

    def key(self, bits):
        return rsa.generate_private_key(public_exponent=65537, key_size=bits)

    def path(self, name):
        return os.path.join(self.directory, name)

    def make(self, name, common=HOST, alternatives=(), sign_by='root', valid=PRESENT, key='leaf', is_ca=False,
             usage=None):
        """Makes it; `sign_by` None: by itself."""
        issuer = named(common) if sign_by is None else self.made[sign_by].subject
        signer = self.keys[key] if sign_by is None else self.keys['authority']
        builder = (x509.CertificateBuilder().subject_name(named(common)).issuer_name(issuer)
                   .public_key(self.keys[key].public_key()).serial_number(x509.random_serial_number())
                   .not_valid_before(valid[0]).not_valid_after(valid[1])
                   .add_extension(x509.BasicConstraints(is_ca, None), True))
        if alternatives:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([general(one) for one in alternatives]), False)
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), False)
        self.made[name] = builder.sign(signer, hashes.SHA256())
        self.write(name + '.pem', self.made[name].public_bytes(serialization.Encoding.PEM))
        self.write(name + '.der', self.made[name].public_bytes(serialization.Encoding.DER))
        self.write(name + '.key', self.keys[key].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()))
        self.write(name + '.both', b''.join(open(self.path(name + end), 'rb').read() for end in ('.key', '.pem')))
        return self.made[name]

    def write(self, name, data):
        with open(self.path(name), 'wb') as to:
            to.write(data)

    def pem(self, name):
        return self.path(name + '.pem')

    def private(self, name):
        return self.path(name + '.key')

    def name_hash(self, name):
        """By which a directory of trusted certificates is searched."""
        said = subprocess.run(['openssl', 'x509', '-noout', '-subject_hash', '-in', self.pem(name)], check=True,
                              stdout=subprocess.PIPE).stdout
        return int(said, 16)

    def print(self, name):
        """As `openssl x509 -fingerprint -sha256` has it."""
        return ':'.join('%02X' % byte for byte in self.made[name].fingerprint(hashes.SHA256()))


# What a leaf is, and what is wrong with it where the root is trusted and the host is meant.
LEAVES = {
    'good': (dict(alternatives=[HOST, 'localhost']), ''),
    'common': (dict(), ''),  # an address as common name, and no alternatives
    'alone': (dict(sign_by=None), 'self-signed'),
    'unknown': (dict(sign_by='stranger'), 'issuer'),
    'misnamed': (dict(common=None, alternatives=['elsewhere.example', '10.1.2.3']), 'name'),
    'expired': (dict(valid=PAST), 'expired'),
    'early': (dict(valid=FUTURE), 'early'),
    'client': (dict(usage=ExtendedKeyUsageOID.CLIENT_AUTH), 'unfit'),
    'wreck': (dict(common='elsewhere.example', sign_by=None, valid=PAST), 'self-signed expired name'),
}


def shelf(directory):
    one = Shelf(directory)
    for name, (how, _) in LEAVES.items():
        one.make(name, **how)
    return one
