"""What botocore reads in files of the AWS tools.

aws_files.py                  prints the table of the unit tests, aws_files.json: files, and what they say
aws_files.py SEED COUNT       the same of files that are made of these by chance, for the integration tests

Each case names a profile, the text of the config file, and that of the credentials file. Expected are endpoint, region
and keys as botocore resolves them, or {"error": its name} where it refuses the files or the profile.
"""

import json
import os
import random
import sys
import tempfile
from pathlib import Path

import botocore.session
from botocore.configprovider import ConfiguredEndpointProvider

CONFIG = """\
[default]
endpoint_url = https://default.example
region = north

[profile cdse]
endpoint_url = https://eodata.dataspace.copernicus.eu
region = waw

[profile allas]
services = csc
s3 =
    max_concurrent_requests = 10
    multipart_threshold = 50MB

[services csc]
s3 =
    endpoint_url = https://a3s.fi
    addressing_style = path
"""
KEYS = """\
[default]
aws_access_key_id = DEFAULTKEY
aws_secret_access_key = default/secret

[cdse]
aws_access_key_id = CDSEKEY
aws_secret_access_key = se=cr#et;x
aws_session_token = token

[allas]
aws_access_key_id=ALLASKEY
aws_secret_access_key=a+b/c==
"""
X = "[x]\naws_access_key_id = K\naws_secret_access_key = S\n"


def profile(body, header="[profile x]"):
    return f"{header}\nendpoint_url = https://e.example\n{body}"


CASES = [
    # Name, profile, config, credentials.
    ("plain", "cdse", CONFIG, KEYS),
    ("default", "default", CONFIG, KEYS),
    ("services", "allas", CONFIG, KEYS),
    ("line ends of Windows", "cdse", CONFIG.replace("\n", "\r\n"), KEYS.replace("\n", "\r\n")),
    ("line ends of Windows, services", "allas", CONFIG.replace("\n", "\r\n"), KEYS.replace("\n", "\r\n")),
    ("line ends of Windows in the credentials alone", "cdse", CONFIG, KEYS.replace("\n", "\r\n")),
    ("line ends of old Macs", "cdse", CONFIG.replace("\n", "\r"), KEYS.replace("\n", "\r")),
    ("no line end at the end", "x", profile("region = r"), X.rstrip("\n")),
    ("indented settings", "x", "[profile x]\n  endpoint_url = https://e.example\n  region = r\n", X.replace("\naws", "\n\taws")),
    ("settings indented by tabs", "x", "[profile x]\n\tendpoint_url = https://e.example\n\tregion = r\n", X),
    ("indentation that shrinks", "x", "[profile x]\n    region = r\n  endpoint_url = https://e.example\n", X),
    ("indentation that grows", "x", "[profile x]\nregion = r\n  endpoint_url = https://e.example\n", X),
    ("indented sections", "x", "  [profile x]\n  endpoint_url = https://e.example\n  region = r\n [profile y]\n region = s\n", X),
    ("a section indented below a value", "x", profile("region = r\n  [profile y]\n  region = s\n"), X),
    ("a continued value elsewhere", "x", "[profile y]\nregion = a\n  b\n  c\n" + profile("region = r\n"), X),
    ("a continued value here", "x", profile("region = a\n  b\n"), X),
    ("a continued secret", "x", profile(""), X.replace("= S", "= S\n  T")),
    ("nested values elsewhere", "x", "[profile y]\ns3 =\n  a = b\n\n  c = d\n" + profile("region = r\n"), X),
    ("a nested value that is none", "x", profile("s3 =\n  nonsense\n"), X),
    ("an empty value before a name", "x", profile("s3 =\nregion = r\n"), X),
    ("blank lines in a section", "x", "[profile x]\n\nregion = r\n\n\nendpoint_url = https://e.example\n", X.replace("\n", "\n\n")),
    ("comments", "x", "# a\n; b\n[profile x]\n# region = s\n  ; t\nregion = r\nendpoint_url = https://e.example\n", "#\n" + X),
    ("a comment between continued lines", "x", profile("s3 =\n  a = b\n# c\n  d = e\nregion = r\n"), X),
    ("a comment behind a region", "x", profile("region = r # mine\n"), X),
    ("a comment behind an endpoint", "x", "[profile x]\nendpoint_url = https://e.example ; mine\n", X),
    ("a comment behind a secret", "x", profile(""), X.replace("= S", "= S # mine")),
    ("a comment without a blank", "x", profile("region = r#s;t\n"), X.replace("= S", "= S#;T")),
    ("a comment behind a section", "x", profile("region = r\n", "[profile x] # mine"), X),
    ("brackets behind a section", "x", profile("region = r\n", "[profile x] # [1]"), X),
    ("colons", "x", "[profile x]\nregion: r\nendpoint_url: https://e.example\n", X.replace(" = ", ": ")),
    ("a colon within a name", "x", profile("a:b = c\nregion = r\n"), X),
    ("no blanks", "x", "[profile x]\nregion=r\nendpoint_url=https://e.example\n", X.replace(" = ", "=")),
    ("many blanks", "x", "[profile x]  \nregion   =   r  \nendpoint_url\t=\thttps://e.example\t\n", X.replace(" = ", "  =  ")),
    ("capital letters in names", "x", "[profile x]\nRegion = R\nENDPOINT_URL = https://e.example\n", X.replace("aws_a", "AWS_A")),
    ("a capital letter in a profile", "X", profile("region = r\n"), X),
    ("a profile in quotes", "x", profile("region = r\n", '[profile "x"]'), X),
    ("a profile in single quotes", "x", profile("region = r\n", "[profile 'x']"), X),
    ("a profile with a blank", "two words", profile("region = r\n", '[profile "two words"]'), X.replace("[x]", "[two words]")),
    ("a profile with a blank, without quotes", "two words", profile("region = r\n", "[profile two words]"), X),
    ("a profile with a backslash", "a b", profile("region = r\n", "[profile a\\ b]"), X.replace("[x]", "[a b]")),
    ("a quote that is not closed", "x", profile("region = r\n", '[profile "x]'), ""),
    ("many blanks in a section", "x", profile("region = r\n", "[profile   x  ]"), X),
    ("a tab in a section", "x", profile("region = r\n", "[profile\tx]"), X),
    ("a blank before profile", "x", profile("region = r\n", "[ profile x ]"), ""),
    ("blanks in a section of keys", "x", profile("region = r\n"), X.replace("[x]", "[ x ]")),
    ("quotes in a section of keys", "x", profile("region = r\n"), X.replace("[x]", '["x"]')),
    ("profile in a section of keys", "x", profile("region = r\n"), X.replace("[x]", "[profile x]")),
    ("a profile without profile", "x", profile("region = r\n", "[x]"), ""),
    ("another word than profile", "x", profile("region = r\n", "[profiles x]"), X),
    ("a section of one name twice", "x", profile("region = r\n") + "[profile x]\nregion = s\n", X),
    ("a section of keys twice", "x", profile("region = r\n"), X + X.replace("= K", "= L")),
    ("another profile twice", "x", "[profile y]\n[profile y]\n" + profile("region = r\n"), X),
    ("a profile under two spellings", "x", profile("region = r\n") + profile("", '[profile "x"]'), X),
    ("default under two names", "default", profile("region = r\n", "[default]") + profile("region = s\n", "[profile default]"), ""),
    ("a name twice", "x", profile("region = r\nregion = s\n"), X),
    ("a name twice in other letters", "x", profile("region = r\nRegion = s\n"), X),
    ("a name twice elsewhere", "x", "[profile y]\na = 1\na = 2\n" + profile("region = r\n"), X),
    ("values for all sections", "x", "[DEFAULT]\nregion = r\n[profile x]\nendpoint_url = https://e.example\n", "[DEFAULT]\naws_access_key_id = K\n[x]\naws_secret_access_key = S\n"),
    ("values for all sections, below", "x", profile("") + "[DEFAULT]\nregion = r\n[DEFAULT]\nendpoint_url = https://f.example\n", X),
    ("values for all sections twice", "x", profile("") + "[DEFAULT]\nregion = r\n[DEFAULT]\nregion = s\n", X),
    ("no section", "x", "region = r\n" + profile(""), X),
    ("a line that is no setting", "x", profile("nonsense\n"), X),
    ("a line that is no setting elsewhere", "x", profile("region = r\n") + "[profile y]\nnonsense\n", X),
    ("a line that is no setting among keys", "x", profile(""), X + "nonsense\n"),
    ("no name", "x", profile("= r\n"), X),
    ("an empty section", "x", "[]\n" + profile(""), X),
    ("a bracket that is not closed", "x", "[profile x\n" + profile(""), X),
    ("keys in the config file", "x", profile("aws_access_key_id = K\naws_secret_access_key = S\naws_session_token = T\n"), ""),
    ("keys in both files", "x", profile("aws_access_key_id = L\naws_secret_access_key = T\n"), X),
    ("no keys", "x", profile("region = r\n"), ""),
    ("keys of another profile", "x", profile("region = r\n"), KEYS),
    ("no secret", "x", profile(""), "[x]\naws_access_key_id = K\n"),
    ("the older name of the token", "x", profile(""), X + "aws_security_token = T\naws_session_token = U\n"),
    ("region and endpoint among keys", "x", profile("region = r\n"), X + "region = s\nendpoint_url = https://f.example\n"),
    ("all among keys", "x", "", X + "region = s\nendpoint_url = https://f.example\n"),
    ("an endpoint that is continued", "x", "[profile x]\nendpoint_url =\n  https://e.example\n", X),
    ("services that are not there", "x", profile("services = none\n"), X),
    ("services in quotes", "x", profile("services = two words\n") + '[services "two words"]\ns3 =\n  endpoint_url = https://s.example\n', X),
    ("services that are empty", "x", profile("services = s\n") + "[services s]\n", X),
    ("services without settings", "x", profile("services = s\n") + "[services s]\ns3 =\n", X),
    ("an endpoint below s3", "x", profile("s3 =\n  endpoint_url = https://s.example\n"), X),
    ("settings below a region", "x", profile("region =\n  a = b\n"), X),
    ("services of another kind", "x", profile("services = s\n") + "[services s]\ndynamodb =\n  endpoint_url = https://d.example\n", X),
    ("a secret in quotes", "x", profile('region = "r"\n'), X.replace("= S", '= "S"')),
    ("letters of other alphabets", "käyttäjä", profile("region = pohjoinen\n# ääkköset\n", "[profile käyttäjä]"), X.replace("[x]", "[käyttäjä]")),
    ("a value with an equals sign", "x", profile(""), X.replace("= S", "= =S==")),
    ("percent signs", "x", profile(""), X.replace("= S", "= %(a)s%%")),
]


class Reader:
    """botocore's own way from the two files to what a client would use."""

    def __init__(self, folder):
        self.folder = Path(folder)
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        os.environ["AWS_CONFIG_FILE"] = str(self.folder / "config")
        os.environ["AWS_SHARED_CREDENTIALS_FILE"] = str(self.folder / "credentials")
        os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

    def read(self, name, config, credentials):
        (self.folder / "config").write_bytes(config.encode())
        (self.folder / "credentials").write_bytes(credentials.encode())
        try:
            session = botocore.session.Session(profile=name)
            scoped = session.get_scoped_config()
            endpoint = ConfiguredEndpointProvider(
                full_config=session.full_config, scoped_config=scoped, client_name="s3", environ={}
            ).provide()
            keys = session.get_credentials()
            found = {"endpoint": endpoint, "region": session.get_config_variable("region")}
            if keys is not None:
                found |= {"access_key": keys.access_key, "secret_key": keys.secret_key, "token": keys.token}
            if not all(isinstance(value, str | None) for value in found.values()):
                return {"error": "a value that is no text"}
            return {key: value for key, value in found.items() if value is not None}
        # Its own errors, and those of Python where a value has another form than it thought of.
        except Exception as error:
            return {"error": type(error).__name__}


def mutated(random, text, other):
    """The text with some of its lines changed, as people change them."""
    lines = text.split("\n")
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(lines))
        change = random.randrange(9)
        if change == 0:
            lines.insert(at, random.choice(lines))
        elif change == 1 and len(lines) > 1:
            del lines[at]
        elif change == 2:
            lines[at] = random.choice(["  ", "\t", "    "]) + lines[at]
        elif change == 3:
            lines.insert(at, random.choice(["", "# comment", "  ; comment", "a = b", "  a = b", "s3 =", "[profile z]", "[z]"]))
        elif change == 4:
            lines[at] = lines[at].replace(" = ", random.choice(["=", ": ", "  =  ", " ", " = = "]))
        elif change == 5:
            lines[at] = lines[at].replace("]", random.choice(["]", " ]", '"]', "] # c", ""])).replace("[", random.choice(["[", "[ "]))
        elif change == 6:
            lines[at] = lines[at].strip()
        elif change == 7:
            lines[at] += random.choice([" ", "\t", " # c", "#c", "\r"])
        else:
            lines.insert(at, random.choice(other.split("\n")))
    return random.choice(["\n", "\n", "\r\n"]).join(lines)


def table(cases):
    with tempfile.TemporaryDirectory() as folder:
        reader = Reader(folder)
        return [
            {"name": name, "profile": profile, "config": config, "credentials": keys, "expected": reader.read(profile, config, keys)}
            for name, profile, config, keys in cases
        ]


def main():
    cases = CASES
    if len(sys.argv) > 1:
        seed, count = int(sys.argv[1]), int(sys.argv[2])
        chance = random.Random(seed)
        cases = []
        for number in range(count):
            name, profile_name, config, keys = chance.choice(CASES)
            _, _, other, other_keys = chance.choice(CASES)
            if chance.random() < 0.8:
                config = mutated(chance, config, other)
            else:
                keys = mutated(chance, keys, other_keys)
            cases.append((f"{name}, seed {seed}, number {number}", profile_name, config, keys))
    json.dump(table(cases), sys.stdout, ensure_ascii=False, indent=1, sort_keys=True)
    print()


main()
