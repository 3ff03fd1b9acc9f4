// Reads a log that write_log wrote, with the packages that the Go command itself trusts
// (golang.org/x/mod/sumdb), and says of each promise whether it holds:
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run main.go DIR
//
// Nothing here is shared with the C++ that wrote the files. Ends with 1 at the first promise that does not hold.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8
const tileWidth = 1 << tileHeight

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: main DIR")
		os.Exit(2)
	}
	log := &log{folder: os.Args[1]}
	for _, step := range []struct {
		what  string
		check func() (string, error)
	}{
		{"checkpoint", log.checkCheckpoint},
		{"tiles", log.checkTiles},
		{"entries", log.checkEntries},
		{"inclusion", log.checkInclusion},
		{"consistency", log.checkConsistency},
		{"receipts", log.checkReceipts},
	} {
		words, err := step.check()
		if err != nil {
			fmt.Printf("FAILED %-12s %v\n", step.what, err)
			os.Exit(1)
		}
		fmt.Printf("holds  %-12s %s\n", step.what, words)
	}
}

type log struct {
	folder    string
	verifiers note.Verifiers
	tree      tlog.Tree
	hashes    tlog.HashReader
	leaves    []tlog.Hash
	entries   [][]byte
}

func (l *log) read(name string) ([]byte, error) { return os.ReadFile(filepath.Join(l.folder, name)) }

// A witness's signature (c2sp.org/tlog-cosignature), which the package does not know by itself.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	said := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(w.key, []byte(said), sig[8:])
}

func parseWitness(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("witness-vkey has not three parts")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		return nil, errors.New("witness-vkey is not of type 4")
	}
	sum := sha256.Sum256([]byte(parts[0] + "\n" + string(key)))
	if fmt.Sprintf("%x", sum[:4]) != parts[1] {
		return nil, errors.New("witness-vkey has another key id")
	}
	return witness{parts[0], binary.BigEndian.Uint32(sum[:]), key[1:]}, nil
}

// openCheckpoint wants both signatures, and no third.
func (l *log) openCheckpoint(text []byte) (tlog.Tree, error) {
	var tree tlog.Tree
	opened, err := note.Open(text, l.verifiers)
	if err != nil {
		return tree, err
	}
	if len(opened.Sigs) != 2 || len(opened.UnverifiedSigs) != 0 {
		return tree, fmt.Errorf("%d known signatures and %d others", len(opened.Sigs), len(opened.UnverifiedSigs))
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != opened.Sigs[0].Name {
		return tree, errors.New("not three lines beginning with the log's name")
	}
	if tree.N, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return tree, err
	}
	tree.Hash, err = tlog.ParseHash(lines[2])
	return tree, err
}

func (l *log) checkCheckpoint() (string, error) {
	vkey, err := l.read("vkey")
	if err != nil {
		return "", err
	}
	logVerifier, err := note.NewVerifier(strings.TrimSuffix(string(vkey), "\n"))
	if err != nil {
		return "", err
	}
	if vkey, err = l.read("witness-vkey"); err != nil {
		return "", err
	}
	witnessVerifier, err := parseWitness(strings.TrimSuffix(string(vkey), "\n"))
	if err != nil {
		return "", err
	}
	l.verifiers = note.VerifierList(logVerifier, witnessVerifier)
	text, err := l.read("checkpoint")
	if err != nil {
		return "", err
	}
	if l.tree, err = l.openCheckpoint(text); err != nil {
		return "", err
	}
	l.hashes = tlog.TileHashReader(l.tree, &tileFiles{l})
	return fmt.Sprintf("signed by %s, cosigned by %s, size %d", logVerifier.Name(), witnessVerifier.Name(), l.tree.N), nil
}

// tileFiles gives the package the tiles as files; the package checks each against the root.
type tileFiles struct{ log *log }

func (t *tileFiles) Height() int                     { return tileHeight }
func (t *tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t *tileFiles) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := t.log.read(tilePath(tile))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// The package's own paths carry the tile's height, those of tlog-tiles do not.
func tilePath(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight), "tile/", 1)
}

func (l *log) checkTiles() (string, error) {
	count := 0
	for _, tile := range tlog.NewTiles(tileHeight, 0, l.tree.N) {
		// Some versions list the partial tiles of all smaller trees too; this tree has one of each level.
		if tile.W != tileWidth && int64(tile.W) != l.tree.N>>(tileHeight*tile.L)%tileWidth {
			continue
		}
		count++
		want, err := tlog.ReadTileData(tile, l.hashes)
		if err != nil {
			return "", err
		}
		have, err := l.read(tilePath(tile))
		if err != nil {
			return "", err
		}
		if !bytes.Equal(want, have) {
			return "", fmt.Errorf("%s differs", tilePath(tile))
		}
		if tile.L == 0 {
			for ; len(have) > 0; have = have[tlog.HashSize:] {
				l.leaves = append(l.leaves, tlog.Hash(have[:tlog.HashSize]))
			}
		}
	}
	if int64(len(l.leaves)) != l.tree.N {
		return "", fmt.Errorf("%d leaf hashes", len(l.leaves))
	}
	// The same root once more, from the leaves up.
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for i, leaf := range l.leaves {
		more, err := tlog.StoredHashesForRecordHash(int64(i), leaf, reader)
		if err != nil {
			return "", err
		}
		stored = append(stored, more...)
	}
	root, err := tlog.TreeHash(l.tree.N, reader)
	if err != nil {
		return "", err
	}
	if root != l.tree.Hash {
		return "", errors.New("the leaves lead to another root")
	}
	return fmt.Sprintf("%d tiles lead to the root", count), nil
}

func (l *log) checkEntries() (string, error) {
	bundles := 0
	for n := int64(0); n*tileWidth < l.tree.N; n++ {
		width := min(tileWidth, l.tree.N-n*tileWidth)
		name := strings.Replace(tilePath(tlog.Tile{H: tileHeight, L: 0, N: n, W: int(width)}), "tile/0/", "tile/entries/", 1)
		data, err := l.read(name)
		if err != nil {
			return "", err
		}
		for i := int64(0); i < width; i++ {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				return "", fmt.Errorf("%s is cut short", name)
			}
			entry := data[2 : 2+int(binary.BigEndian.Uint16(data))]
			data = data[2+len(entry):]
			if tlog.RecordHash(entry) != l.leaves[n*tileWidth+i] {
				return "", fmt.Errorf("%s: entry %d has another hash", name, i)
			}
			l.entries = append(l.entries, entry)
		}
		if len(data) != 0 {
			return "", fmt.Errorf("%s: something after the last entry", name)
		}
		bundles++
	}
	return fmt.Sprintf("%d entries in %d bundles have the leaves' hashes", len(l.entries), bundles), nil
}

// sample gives some indices below n, both ends among them.
func sample(n int64) []int64 {
	seen := map[int64]bool{}
	for _, i := range []int64{0, 1, n / 3, n / 2, n - 2, n - 1, 255, 256, 257, 65535, 65536} {
		if i >= 0 && i < n {
			seen[i] = true
		}
	}
	var out []int64
	for i := range seen {
		out = append(out, i)
	}
	sort.Slice(out, func(a, b int) bool { return out[a] < out[b] })
	return out
}

func (l *log) checkInclusion() (string, error) {
	indices := sample(l.tree.N)
	for _, i := range indices {
		proof, err := tlog.ProveRecord(l.tree.N, i, l.hashes)
		if err != nil {
			return "", err
		}
		if err := tlog.CheckRecord(proof, l.tree.N, l.tree.Hash, i, tlog.RecordHash(l.entries[i])); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("of entries %v", indices), nil
}

func (l *log) checkConsistency() (string, error) {
	names, err := os.ReadDir(filepath.Join(l.folder, "checkpoints"))
	if err != nil {
		return "", err
	}
	if len(names) == 0 {
		return "", errors.New("no earlier checkpoint")
	}
	for _, name := range names {
		text, err := l.read("checkpoints/" + name.Name())
		if err != nil {
			return "", err
		}
		old, err := l.openCheckpoint(text)
		if err != nil {
			return "", err
		}
		theirs, err := tlog.ProveTree(l.tree.N, old.N, l.hashes)
		if err != nil {
			return "", err
		}
		lines, err := l.read("consistency/" + name.Name())
		if err != nil {
			return "", err
		}
		ours, err := parseHashes(strings.Split(strings.TrimSuffix(string(lines), "\n"), "\n"))
		if err != nil {
			return "", err
		}
		for _, proof := range []tlog.TreeProof{theirs, ours} {
			if err := tlog.CheckTree(proof, l.tree.N, l.tree.Hash, old.N, old.Hash); err != nil {
				return "", fmt.Errorf("from %d: %w", old.N, err)
			}
		}
	}
	return fmt.Sprintf("from each of %d checkpoints, by our proof and by theirs", len(names)), nil
}

func parseHashes(lines []string) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, line := range lines {
		if line == "" && len(lines) == 1 {
			break
		}
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		out = append(out, hash)
	}
	return out, nil
}

func (l *log) checkReceipts() (string, error) {
	names, err := filepath.Glob(filepath.Join(l.folder, "receipts", "*.tlog-proof"))
	if err != nil {
		return "", err
	}
	if len(names) == 0 {
		return "", errors.New("no receipt")
	}
	for _, name := range names {
		if err := l.checkReceipt(name); err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
	}
	return fmt.Sprintf("%d hold, each against the checkpoint in it", len(names)), nil
}

func (l *log) checkReceipt(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	stem := strings.TrimSuffix(name, ".tlog-proof")
	body, err := os.ReadFile(stem + ".body")
	if err != nil {
		return err
	}
	head, checkpoint, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("not a proof")
	}
	extra, err := base64.StdEncoding.Strict().DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil || len(extra) != 40 {
		return errors.New("not 40 bytes of extra data")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	proof, err := parseHashes(lines[3:])
	if err != nil {
		return err
	}
	tree, err := l.openCheckpoint([]byte(checkpoint))
	if err != nil {
		return err
	}
	// The entry, made again from the body: what the receipt is about.
	digest := sha256.Sum256(body)
	commitment := sha256.Sum256([]byte("entraide/commit/v1\n" + string(extra[:32]) + string(digest[:])))
	kind := strings.TrimPrefix(filepath.Ext(stem), ".")
	entry := fmt.Sprintf("entraide/1 %s\n%d\n%s\n", kind, binary.BigEndian.Uint64(extra[32:]),
		base64.StdEncoding.EncodeToString(commitment[:]))
	if index < 0 || index >= int64(len(l.entries)) || entry != string(l.entries[index]) {
		return fmt.Errorf("entry %d is not about this body", index)
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash([]byte(entry)))
}
