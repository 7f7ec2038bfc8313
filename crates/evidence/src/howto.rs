//! HOW-TO-VERIFY.txt: every check with a program that is not ours.

use crate::pack::Setting;

pub(crate) fn text(setting: &Setting, origin: &str) -> String {
    let grant = &setting.disclosure;
    let approvers: String = setting
        .approvals
        .iter()
        .map(|one| {
            format!(
                "     ssh-keygen -Y verify -n disclosure@lanthorn -f approvals/allowed_signers -I {0} \\\n       -s approvals/disclosure.{0}.sig < approvals/disclosure\n",
                one.person
            )
        })
        .collect();
    format!(
        "HOW TO VERIFY THIS PACK\n\
         =======================\n\n\
         Case {case}, made for: {recipient}\n\n\
         You need no network and no program of ours. Run every command in this folder. Two things must come to you by another way than\n\
         this pack: the public key of the log (log/log.vkey, named {origin}) and the keys in approvals/allowed_signers.\n\
         Compare them with what you were given. If you have only the pack, it proves that it is whole, not who made it.\n\n\
         1. Nothing was changed, nothing is missing\n\n\
         \x20    sha256sum -c MANIFEST.sha256\n\
         \x20    b3sum -c MANIFEST.blake3\n\n\
         \x20  A file that is not in MANIFEST.sha256 does not belong to the pack. Only the two lists themselves and\n\
         \x20  MANIFEST.sha256.sig are not listed.\n\n\
         2. Who made it\n\n\
         \x20    ssh-keygen -Y verify -n pack@lanthorn -f approvals/allowed_signers -I {requester} \\\n\
         \x20      -s MANIFEST.sha256.sig < MANIFEST.sha256\n\n\
         3. Who approved that it leaves ({needed} needed, never the one who made it)\n\n\
         {approvers}\n\
         4. The archive\n\n\
         \x20    wacz validate -f redacted.wacz\n\
         \x20    unzip -p redacted.wacz archive/data.warc.gz > data.warc.gz && warcio check -v data.warc.gz\n\n\
         \x20  It opens in https://replayweb.page, which runs in your browser and sends nothing.\n\n\
         \x20  Time stamps over its records, if archive-stamps/ is there (ROOTS: the authorities' root certificates, from them):\n\n\
         \x20    openssl ts -verify -data data.warc.gz -in archive-stamps/A.tsr -CAfile ROOTS\n\n\
         5. The log: every act stands in a log that can only grow\n\n\
         \x20    go run tests/go-verifier (of the source) -pack .\n\n\
         \x20  or by hand: each line of log/entries.jsonl has the entry's text (`leaf`), what it commits to (`record`, `salt`) and the\n\
         \x20  way to the root in log/checkpoint (`proof`, RFC 9162, section 2.1.3). SHA-256 of salt and record, in base64, is the last\n\
         \x20  word of `leaf`.\n\n\
         \x20  Time stamps under the log, if log/stamps/ is there:\n\n\
         \x20    openssl ts -verify -data log/stamps/N.checkpoint -in log/stamps/N-A.tsr -CAfile ROOTS\n\n\
         6. Originals, if originals/ is there: age files for the recipient named in pack.json\n\n\
         \x20    age --decrypt -i YOUR-KEY originals/CAPTURE.age | sha256sum\n\n\
         \x20  is `commitment_sha256` of that capture in captures.jsonl and in the record of its collection in log/entries.jsonl.\n\n\
         7. The redacted view follows from the original\n\n\
         \x20    age --decrypt -i YOUR-KEY -o opened originals/CAPTURE.age\n\
         \x20    python3 tools/check_derivation.py --original opened derivations.jsonl redacted.wacz\n\n\
         \x20  (Python 3.9 with the package `blake3`.) It repeats every step of the redaction and needs no key of ours.\n\n\
         8. All of it at once, with our own program: lanthorn-verify --log-key KEYFILE --signers FILE .\n",
        case = grant.case,
        recipient = grant.recipient,
        requester = grant.requester,
        needed = setting.threshold,
    )
}
