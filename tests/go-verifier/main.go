// Verifies a transparency log of Lanthorn with Go's own, unmodified packages for checksum databases.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8   // levels of the tree in a tile
	width  = 256 // hashes in a full tile, entries in a full bundle

	ed25519Cosignature = 4 // the algorithm byte of c2sp.org/tlog-cosignature
)

func main() {
	if len(os.Args) < 2 || os.Args[1] == "-pack" && len(os.Args) < 3 {
		fmt.Println("usage: verify LOGDIR [VKEY] [OLDER-CHECKPOINT]...\n       verify -pack PACK [VKEY]")
		os.Exit(2)
	}
	var summary string
	var err error
	if os.Args[1] == "-pack" {
		summary, err = verifyPack(filepath.Join(os.Args[2], "log"), os.Args[3:])
	} else {
		summary, err = verify(os.Args[1], os.Args[2:])
	}
	if err != nil {
		fmt.Println("REJECTED:", err)
		os.Exit(1)
	}
	fmt.Println("OK:", summary)
}

func verify(dir string, rest []string) (string, error) {
	vkey := filepath.Join(dir, "log.vkey")
	if len(rest) > 0 {
		vkey, rest = rest[0], rest[1:]
	}
	verifiers, err := readVerifiers(dir, vkey)
	if err != nil {
		return "", err
	}
	now, err := readCheckpoint(filepath.Join(dir, "checkpoint"), verifiers)
	if err != nil {
		return "", err
	}
	hashes, err := hashEntries(dir, now.N)
	if err != nil {
		return "", err
	}
	if err := checkTiles(dir, now.N, hashes); err != nil {
		return "", err
	}
	if root, err := tlog.TreeHash(now.N, hashes); err != nil || root != now.Hash {
		return "", errors.New("entries and tiles fit each other, but not the signed root")
	}
	for _, path := range rest {
		if err := checkGrowth(path, verifiers[:1], now, hashes); err != nil {
			return "", err
		}
	}
	if err := checkInclusion(now, hashes); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d entries, %d signatures, grown from %d older checkpoints", now.N, len(verifiers), len(rest)), nil
}

// verifyPack checks the entries that an evidence pack carries, each from the signed root alone.
func verifyPack(dir string, rest []string) (string, error) {
	vkey := filepath.Join(dir, "log.vkey")
	if len(rest) > 0 {
		vkey = rest[0]
	}
	verifiers, err := readVerifiers(dir, vkey)
	if err != nil {
		return "", err
	}
	now, err := readCheckpoint(filepath.Join(dir, "checkpoint"), verifiers)
	if err != nil {
		return "", err
	}
	content, err := os.ReadFile(filepath.Join(dir, "entries.jsonl"))
	if err != nil {
		return "", err
	}
	lines := strings.Split(strings.TrimSuffix(string(content), "\n"), "\n")
	for _, line := range lines {
		var entry struct {
			Entry        int64
			Leaf         string
			Record, Salt *string
			Proof        []string
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			return "", err
		}
		proof := tlog.RecordProof{}
		for _, text := range entry.Proof {
			hash, err := tlog.ParseHash(text)
			if err != nil {
				return "", fmt.Errorf("entry %d: %w", entry.Entry, err)
			}
			proof = append(proof, hash)
		}
		if err := tlog.CheckRecord(proof, now.N, now.Hash, entry.Entry, tlog.RecordHash([]byte(entry.Leaf))); err != nil {
			return "", fmt.Errorf("entry %d: %w", entry.Entry, err)
		}
		if entry.Record == nil || entry.Salt == nil {
			continue // erased
		}
		salt, err := hex.DecodeString(*entry.Salt)
		if err != nil {
			return "", fmt.Errorf("entry %d: %w", entry.Entry, err)
		}
		commitment := sha256.Sum256(append(salt, *entry.Record...))
		if !strings.HasSuffix(entry.Leaf, " "+base64.StdEncoding.EncodeToString(commitment[:])) {
			return "", fmt.Errorf("entry %d: record and salt do not open it", entry.Entry)
		}
	}
	return fmt.Sprintf("%d entries of a pack are in the tree of %d", len(lines), now.N), nil
}

// readVerifiers reads the log's key and, if there is one, the witness's.
func readVerifiers(dir, vkey string) ([]note.Verifier, error) {
	if content, err := os.ReadFile(vkey); err == nil {
		vkey = strings.TrimSpace(string(content))
	}
	log, err := note.NewVerifier(vkey)
	if err != nil {
		return nil, fmt.Errorf("the log's key: %w", err)
	}
	verifiers := []note.Verifier{log}
	content, err := os.ReadFile(filepath.Join(dir, "witness.vkey"))
	if errors.Is(err, os.ErrNotExist) {
		return verifiers, nil
	}
	if err != nil {
		return nil, err
	}
	witness, err := newWitness(strings.TrimSpace(string(content)))
	if err != nil {
		return nil, fmt.Errorf("the witness's key: %w", err)
	}
	return append(verifiers, witness), nil
}

// readCheckpoint demands a signature by every verifier.
func readCheckpoint(path string, verifiers []note.Verifier) (tlog.Tree, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := note.Open(content, note.VerifierList(verifiers...))
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("%s: %w", path, err)
	}
	if len(signed.Sigs) != len(verifiers) {
		return tlog.Tree{}, fmt.Errorf("%s: %d of %d required signatures", path, len(signed.Sigs), len(verifiers))
	}
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != verifiers[0].Name() {
		return tlog.Tree{}, fmt.Errorf("%s: not a checkpoint of %s", path, verifiers[0].Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return tlog.Tree{}, fmt.Errorf("%s: malformed size", path)
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, fmt.Errorf("%s: %w", path, err)
	}
	return tlog.Tree{N: size, Hash: root}, nil
}

// checkGrowth checks that the tree of an older checkpoint is the beginning of this one.
func checkGrowth(path string, verifiers []note.Verifier, now tlog.Tree, hashes tlog.HashReader) error {
	old, err := readCheckpoint(path, verifiers)
	if err != nil || old.N == 0 {
		return err
	}
	if old.N > now.N {
		return fmt.Errorf("%s has %d entries, the log only %d", path, old.N, now.N)
	}
	proof, err := tlog.ProveTree(now.N, old.N, hashes)
	if err == nil {
		err = tlog.CheckTree(proof, now.N, now.Hash, old.N, old.Hash)
	}
	if err != nil {
		return fmt.Errorf("the log did not grow from %s: %w", path, err)
	}
	return nil
}

// stored holds all hashes of a tree in Go's order. They are computed from the entries alone: tlog.TileHashReader of
// golang.org/x/mod 0.7.0 passes over some tiles without comparing them with their parents.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(s)) {
			return nil, fmt.Errorf("hash %d is not in the tree", index)
		}
		hashes[i] = s[index]
	}
	return hashes, nil
}

// hashEntries hashes every entry of every bundle.
func hashEntries(dir string, size int64) (stored, error) {
	var hashes stored
	for bundle := int64(0); bundle*width < size; bundle++ {
		count := size - bundle*width
		if count > width {
			count = width
		}
		path := tilePath(dir, tlog.Tile{H: height, L: -1, N: bundle, W: int(count)})
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		reader := bytes.NewReader(content)
		for i := bundle * width; i < bundle*width+count; i++ {
			var length uint16
			if err := binary.Read(reader, binary.BigEndian, &length); err != nil {
				return nil, fmt.Errorf("entry %d: %s ends early", i, path)
			}
			entry := make([]byte, length)
			if _, err := io.ReadFull(reader, entry); err != nil {
				return nil, fmt.Errorf("entry %d: %s ends early", i, path)
			}
			more, err := tlog.StoredHashesForRecordHash(i, tlog.RecordHash(entry), hashes)
			if err != nil {
				return nil, err
			}
			hashes = append(hashes, more...)
		}
		if reader.Len() > 0 {
			return nil, fmt.Errorf("%s holds more than %d entries", path, count)
		}
	}
	return hashes, nil
}

// checkTiles compares every hash tile with the one that the entries lead to.
func checkTiles(dir string, size int64, hashes stored) error {
	for _, tile := range tlog.NewTiles(height, 0, size) {
		// NewTiles also names all narrower forms of a level's last tile.
		if rows := size>>(height*tile.L) - tile.N*width; rows < width && int64(tile.W) != rows {
			continue
		}
		expected, err := tlog.ReadTileData(tile, hashes)
		if err != nil {
			return err
		}
		path := tilePath(dir, tile)
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if len(content) != len(expected) {
			return fmt.Errorf("%s has %d bytes instead of %d", path, len(content), len(expected))
		}
		for row := 0; row*tlog.HashSize < len(content); row++ {
			at := row * tlog.HashSize
			if !bytes.Equal(content[at:at+tlog.HashSize], expected[at:at+tlog.HashSize]) {
				first := (tile.N*width + int64(row)) << (height * tile.L)
				return fmt.Errorf("entry %d and the tree in %s do not fit each other", first, path)
			}
		}
	}
	return nil
}

// checkInclusion proves some entries from the signed root alone.
func checkInclusion(now tlog.Tree, hashes tlog.HashReader) error {
	for i := int64(0); i < 7 && now.N > 0; i++ {
		index := (now.N - 1) * i / 6
		proof, err := tlog.ProveRecord(now.N, index, hashes)
		if err != nil {
			return err
		}
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, now.N, now.Hash, index, leaf[0]); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
	}
	return nil
}

// tilePath is Go's path of a tile, but as c2sp.org/tlog-tiles has it: no height, and entries where Go has data.
func tilePath(dir string, tile tlog.Tile) string {
	path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
	return filepath.Join(dir, strings.Replace(path, "tile/data/", "tile/entries/", 1))
}

// witness verifies c2sp.org/tlog-cosignature: a time, and a signature over time and checkpoint.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newWitness(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("malformed")
	}
	hash, err := strconv.ParseUint(parts[1], 16, 32)
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil {
		return nil, err
	}
	if len(key) != 1+ed25519.PublicKeySize || key[0] != ed25519Cosignature {
		return nil, errors.New("not an Ed25519 cosignature key")
	}
	return witness{parts[0], uint32(hash), ed25519.PublicKey(key[1:])}, nil
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }

func (w witness) Verify(message, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	signed := append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", time)), message...)
	return ed25519.Verify(w.key, signed, signature[8:])
}
