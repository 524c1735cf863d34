"""Reads Onrecord's exports with the clients of other people, and lets Onrecord read what they write.

One function a client. Each compares words with offsets, so that a wrong unit cannot pass.
"""

import glob
import json
import os
import pathlib
import subprocess
import sys
import time
import traceback

os.environ["HF_HUB_OFFLINE"] = os.environ["HF_DATASETS_OFFLINE"] = "1"
ONRECORD, WORK = sys.argv[1], pathlib.Path(sys.argv[2])
SAMPLES = ["mixed-scripts", "port-strike"]


def project(sample):
    """Texts and annotations, straight from the project file: what every client has to see."""
    with open(f"sample_projects/{sample}.onrecord.json", encoding="utf-8") as file:
        data = json.load(file)
    texts = {key: "\n".join(lines) for key, lines in data["texts"].items()}
    documents = {document["id"]: texts[document["text"]] for document in data["documents"]}
    return documents, data["annotations"], data["relations"]


def parts(sample):
    """(label, words) of every part of every annotation, sorted."""
    _, annotations, _ = project(sample)
    return sorted((one["label"], words) for one in annotations for words in one["quote"])


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def back(path, sample, *options):
    """Onrecord reads a file again; every annotation has to be where its words are."""
    out = WORK / f"back-{time.monotonic_ns()}.onrecord.json"
    done = subprocess.run([ONRECORD, "convert", str(path), "-o", str(out), *options], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    data = json.loads(out.read_text(encoding="utf-8"))
    texts = {key: "\n".join(value) for key, value in data["texts"].items()}
    for one in data["annotations"]:
        for (start, end), words in zip(one["ranges"], one["quote"]):
            assert texts[one["text"]][start:end] == words
    return data


def spacy_client(sample):
    import spacy
    from spacy.tokens import Doc

    vocab = spacy.blank("xx").vocab
    docs = [Doc(vocab).from_json(line, validate=True) for line in lines(WORK / f"{sample}.spacy.jsonl")]
    seen = sorted((span.label_, span.text) for doc in docs for span in doc.spans["sc"])
    assert seen == parts(sample)
    # What spaCy writes comes back.
    path = WORK / f"{sample}-again.spacy.jsonl"
    path.write_text("".join(json.dumps(doc.to_json(), ensure_ascii=False) + "\n" for doc in docs), encoding="utf-8")
    again = back(path, sample, "--from", "spacy")
    assert sorted((one["label"], one["quote"][0]) for one in again["annotations"]) == seen


def datasets_client(sample):
    from datasets import Features, load_dataset

    data = load_dataset(str(WORK / f"{sample}-data"), split="train", cache_dir=str(WORK / "cache"))
    assert isinstance(data.features, Features)
    seen = sorted((span["label"], row["text"][span["start"] : span["end"]]) for row in data for span in row["spans"])
    assert seen == parts(sample)
    path = WORK / f"{sample}-again.jsonl"
    data.remove_columns(["onrecord"]).to_json(str(path), force_ascii=False)
    again = back(path, sample, "--from", "jsonl")
    assert len(again["annotations"]) == len(seen) and len(again["relations"]) == len(project(sample)[2])


def prodigy_lines(sample):
    """Prodigy itself is not on PyPI: its documented rules, checked on every line."""
    seen = []
    for task in lines(WORK / f"{sample}.prodigy.jsonl"):
        text, tokens = task["text"], task["tokens"]
        for token in tokens:
            assert text[token["start"] : token["end"]] == token["text"]
        for span in task["spans"]:
            assert tokens[span["token_start"]]["start"] == span["start"]
            assert tokens[span["token_end"]]["end"] == span["end"], "token_end is included"
            seen.append((span["label"], text[span["start"] : span["end"]]))
        for relation in task["relations"]:
            assert relation["head"] == relation["head_span"]["token_end"] and relation["label"]
    assert sorted(seen) == parts(sample)


def label_studio_client(sample):
    from label_studio_sdk.converter import Converter
    from label_studio_sdk.label_interface import LabelInterface

    folder = WORK / f"{sample}-tasks"
    config = (folder / "config.xml").read_text(encoding="utf-8")
    interface = LabelInterface(config)
    tasks = json.loads((folder / "tasks.json").read_text(encoding="utf-8"))
    seen = []
    for task in tasks:
        for annotation in task["annotations"]:
            assert interface.validate_annotation(annotation), "the SDK refuses an annotation"
            for region in annotation["result"]:
                if region["type"] == "labels":
                    value = region["value"]
                    assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
                    seen.append((value["labels"][0], value["text"]))
    assert sorted(seen) == parts(sample)
    # The SDK's own converter writes its small JSON, which has no ids and no onrecord data of ours beside the regions.
    for task in tasks:
        del task["data"]["onrecord"]
    plain = WORK / f"{sample}-plain.json"
    plain.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    out = WORK / f"{sample}-converted"
    Converter(config=config, project_dir=None, download_resources=False).convert(str(plain), str(out), "JSON", is_dir=False)
    again = back(out / "result.json", sample, "--from", "label-studio")
    assert sorted((one["label"], one["quote"][0]) for one in again["annotations"]) == sorted(seen)
    assert len(again["relations"]) == len(project(sample)[2])


def doccano_client(sample):
    import spacy.training

    # The transformer asks for a module of spaCy 2, whose function has another place now.
    sys.modules.setdefault("spacy.gold", type(sys)("spacy.gold")).biluo_tags_from_offsets = spacy.training.offsets_to_biluo_tags
    from doccano_transformer.datasets import NERDataset

    path = WORK / f"{sample}.doccano.jsonl"
    rows = lines(path)
    seen = []
    for row in rows:
        text = row["text"]
        # Its window counts UTF-16 units, and the file says where that makes a difference.
        units = text.encode("utf-16-le")
        utf16 = row["onrecord"].get("offsets") == "utf16"
        assert utf16 == any(ord(letter) > 0xFFFF for letter in text)
        for entity in row["entities"]:
            start, end = entity["start_offset"], entity["end_offset"]
            words = units[start * 2 : end * 2].decode("utf-16-le") if utf16 else text[start:end]
            seen.append((entity["label"], words))
    assert sorted(seen) == parts(sample)
    # The transformer reads the older form, which Onrecord reads too.
    old = WORK / f"{sample}-old.jsonl"
    old.write_text(
        "".join(
            json.dumps({"id": at, "text": row["text"], "labels": [[e["start_offset"], e["end_offset"], e["label"]] for e in row["entities"]]}, ensure_ascii=False) + "\n"
            for at, row in enumerate(rows)
        ),
        encoding="utf-8",
    )
    dataset = NERDataset.from_jsonl(filepath=str(old))
    assert sum(1 for _ in dataset.to_conll2003(tokenizer=str.split)) == len(rows)
    again = back(old, sample, "--from", "doccano")
    assert len(again["annotations"]) == len(seen)


def brat_client(sample):
    from pybrat.parser import BratParser

    folder = WORK / f"{sample}-brat"
    # Its strict mode refuses two annotations of the same words, which brat itself allows.
    examples = BratParser(error="ignore").parse(str(folder))
    seen = []
    for example in examples:
        for entity in example.entities:
            words = [example.text[span.start : span.end] for span in entity.spans]
            # brat writes a line end inside a mention as a space.
            assert " ".join(words).replace("\n", " ") == entity.mention
            seen.extend((entity.type, part) for part in words)
    assert sorted(seen) == parts(sample)
    assert sum(len(example.relations) for example in examples) == len(project(sample)[2])
    again = back(folder, sample, "--from", "brat")
    assert sorted((one["label"], words) for one in again["annotations"] for words in one["quote"]) == sorted(seen)


def json_ld_client(sample):
    from pyld import jsonld

    with open(WORK / f"{sample}.jsonld", encoding="utf-8") as file:
        data = json.load(file)
    # Offline: the terms that are used, as the standard's context defines them.
    oa, as_ = "http://www.w3.org/ns/oa#", "http://www.w3.org/ns/activitystreams#"
    context = {
        "oa": oa, "as": as_, "id": "@id", "type": "@type", "Annotation": oa + "Annotation", "TextualBody": oa + "TextualBody",
        "SpecificResource": oa + "SpecificResource", "TextPositionSelector": oa + "TextPositionSelector", "TextQuoteSelector": oa + "TextQuoteSelector",
        "AnnotationCollection": as_ + "OrderedCollection", "AnnotationPage": as_ + "OrderedCollectionPage", "Person": "http://xmlns.com/foaf/0.1/Person",
        "body": {"@id": oa + "hasBody", "@type": "@id"}, "target": {"@id": oa + "hasTarget", "@type": "@id"}, "source": {"@id": oa + "hasSource", "@type": "@id"},
        "selector": {"@id": oa + "hasSelector", "@type": "@id"}, "motivation": {"@id": oa + "motivatedBy", "@type": "@vocab"},
        "purpose": {"@id": oa + "hasPurpose", "@type": "@vocab"}, "exact": oa + "exact", "prefix": oa + "prefix", "suffix": oa + "suffix",
        "start": oa + "start", "end": oa + "end", "value": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value",
        "items": {"@id": as_ + "items", "@container": "@list"}, "first": {"@id": as_ + "first", "@type": "@id"}, "creator": {"@id": "http://purl.org/dc/terms/creator", "@type": "@id"},
        **{word: oa + word for word in ["classifying", "tagging", "commenting", "linking", "describing", "identifying", "editing", "replying"]},
    }

    def load(url, _options):
        assert url == "http://www.w3.org/ns/anno.jsonld", url
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": context}}

    expanded = jsonld.expand(data, {"documentLoader": load})
    items = expanded[0][as_ + "first"][0][as_ + "items"][0]["@list"]
    texts, seen = {}, []
    for item in items:
        if item[oa + "motivatedBy"][0]["@id"] == oa + "describing":
            texts[item[oa + "hasTarget"][0]["@id"]] = item[oa + "hasBody"][0]["http://www.w3.org/1999/02/22-rdf-syntax-ns#value"][0]["@value"]
    for item in items:
        if item[oa + "motivatedBy"][0]["@id"] != oa + "classifying":
            continue
        label = item[oa + "hasBody"][0]["http://www.w3.org/1999/02/22-rdf-syntax-ns#value"][0]["@value"]
        for target in item[oa + "hasTarget"]:
            position, quote = target[oa + "hasSelector"]
            start, end = position[oa + "start"][0]["@value"], position[oa + "end"][0]["@value"]
            text = texts[target[oa + "hasSource"][0]["@id"]]
            exact = quote[oa + "exact"][0]["@value"]
            prefix = quote[oa + "prefix"][0]["@value"]
            assert text[start:end] == exact and text[:start].endswith(prefix)
            seen.append((label, exact))
    assert sorted(seen) == parts(sample)
    # The rules that the standard says every annotation must keep.
    for item in data["first"]["items"]:
        assert item["type"] == "Annotation" and ":" in item["id"] and item["target"]
        for target in item["target"] if isinstance(item["target"], list) else []:
            assert target["source"] and all(selector["type"] for selector in target["selector"])
    assert jsonld.to_rdf(data, {"documentLoader": load})["@default"], "no statement"


def openpyxl_client(sample):
    import csv

    import openpyxl

    book = openpyxl.load_workbook(WORK / f"{sample}.xlsx")
    assert book.sheetnames == ["annotations", "claims", "links", "articles", "text"]
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row), "a formula"
    rows = list(book["annotations"].iter_rows(values_only=True))
    header, rows = rows[0], rows[1:]
    documents, annotations, _ = project(sample)
    by_id = {one["id"]: one for one in annotations}
    assert len(rows) == len(annotations)
    for row in rows:
        row = dict(zip(header, row))
        text = documents[row["article_id"]]
        quote = by_id[row["id"]]["quote"]
        if not row["ranges"]:
            assert text[int(row["start"]) : int(row["end"])] == row["text"] == quote[0]
        else:
            ranges = [tuple(map(int, part.split("-"))) for part in row["ranges"].split()]
            assert [text[start:end] for start, end in ranges] == quote
    with open(WORK / f"{sample}.csv", encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(annotations)
    # A spreadsheet program opens it, somebody saves it, and it comes back.
    path = WORK / f"{sample}-saved.xlsx"
    book.save(path)
    again = back(path, sample)
    assert len(again["annotations"]) == len(annotations)


def docx_client(sample):
    import docx

    document = docx.Document(str(WORK / f"{sample}.docx"))
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    for text in project(sample)[0].values():
        for line in filter(str.strip, text.split("\n")):
            assert line.replace("\t", " ") in paragraphs, line
    assert len(list(document.comments)) == len(project(sample)[1])


def html_client(sample):
    import html5lib

    page = (WORK / f"{sample}.html").read_text(encoding="utf-8")
    tree = html5lib.HTMLParser(strict=True).parse(page)
    names = {element.tag.rsplit("}")[-1] for element in tree.iter() if isinstance(element.tag, str)}
    assert not names & {"script", "img", "iframe", "link", "object", "form"}, names
    ids = [element.get("id") for element in tree.iter() if isinstance(element.tag, str) and element.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        if isinstance(element.tag, str) and element.get("href"):
            assert element.get("href")[1:] in ids, "a link that leads nowhere"


def claim_review(sample):
    data = json.loads((WORK / f"{sample}.claims.json").read_text(encoding="utf-8"))
    assert data["@context"] == "https://schema.org"
    for review in data["@graph"][:-1]:
        assert review["@type"] == "ClaimReview" and review["claimReviewed"] and review["reviewRating"]["alternateName"]


CLIENTS = [spacy_client, datasets_client, prodigy_lines, label_studio_client, doccano_client, brat_client, json_ld_client, openpyxl_client, docx_client, html_client, claim_review]


def main():
    assert glob.glob(str(WORK / "*")), "nothing was exported"
    failed = 0
    for client in CLIENTS:
        for sample in SAMPLES:
            begin = time.monotonic()
            try:
                client(sample)
                said = "ok"
            except Exception as error:  # every client gets its turn
                failed += 1
                place = traceback.extract_tb(error.__traceback__)[-1]
                said = f"FAILED: {type(error).__name__} at {place.name} {place.lineno}: {str(error)[:600]}"
            print(f"{client.__name__:20} {sample:14} {time.monotonic() - begin:5.1f} s  {said}", flush=True)
    sys.exit(1 if failed else 0)


main()
