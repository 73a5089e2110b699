package render

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"gloss/generator/site"
)

// The search of the theme's script works with files of data below _x/: "search" lists the others, "n0", "n1" … hold
// names, "w-…" the words of the prose with the pages that hold them, "t0", "t1" … that prose itself, by which the script
// finds the block and shows the words around. Names are loaded at the first focus, the rest as a query needs it.

const (
	namesAtOnce = 500 // in one file
	TextsAtOnce = 16  // pages in one file of prose; an edit of a page makes one such file again
)

// SearchInput is what the list of the files depends on.
type SearchInput struct {
	Names, Pages int
	Level        int      // how many first letters of a word name the file that holds it
	Buckets      []string // those names
	Common       []string // words that too many pages hold to say anything
}

// SearchFile lists the files of the search.
func SearchFile(in SearchInput) File {
	return dataFile("search", struct {
		N int    `json:"n"`
		P int    `json:"p"`
		L int    `json:"l"`
		B string `json:"b"`
		S string `json:"s"`
	}{(in.Names + namesAtOnce - 1) / namesAtOnce, in.Pages, in.Level, strings.Join(in.Buckets, " "), strings.Join(in.Common, " ")})
}

// NamesFiles hold the names: for each title, address, kind, rank, text, and other names.
func NamesFiles(names []site.Name) []File {
	var out []File
	for i := 0; i*namesAtOnce < len(names); i++ {
		b := []byte(`gloss("n` + strconv.Itoa(i) + `",[`)
		for j, n := range names[i*namesAtOnce : min(len(names), (i+1)*namesAtOnce)] {
			if j > 0 {
				b = append(b, ",\n"...)
			}
			b = append(b, '[')
			for _, s := range []string{n.Title, n.URL, n.Kind} {
				b = append(appendJSON(b, s), ',')
			}
			b = strconv.AppendInt(b, int64(n.Rank), 10)
			if n.Text != "" || len(n.Aliases) > 0 {
				b = appendJSON(append(b, ','), n.Text)
			}
			for _, a := range n.Aliases {
				b = appendJSON(append(b, ','), a)
			}
			b = append(b, ']')
		}
		out = append(out, File{"_x/n" + strconv.Itoa(i) + ".js", append(b, "])\n"...)})
	}
	return out
}

// TextFile holds the prose of some pages: for each address, title, and blocks by id and text.
func TextFile(number int, texts []*site.Text) File {
	name := "t" + strconv.Itoa(number)
	size := 100
	for _, t := range texts {
		for _, x := range t.Blocks {
			size += len(x.ID) + len(x.Text) + 8
		}
	}
	b := append(make([]byte, 0, size+size/16), `gloss("`+name+`",[`...)
	for i, t := range texts {
		if i > 0 {
			b = append(b, ",\n"...)
		}
		b = append(appendJSON(append(b, '['), t.URL), ',')
		b = appendJSON(b, t.Title)
		for _, x := range t.Blocks {
			b = append(appendJSON(append(b, ','), x.ID), ',')
			b = appendJSON(b, x.Text)
		}
		b = append(b, ']')
	}
	return File{"_x/" + name + ".js", append(b, "])\n"...)}
}

// Bucket names the file that holds a word: its first letters by their numbers.
func Bucket(word string, level int) string {
	name := "w"
	for _, r := range word {
		if level--; level < 0 {
			break
		}
		name += "-" + strconv.FormatInt(int64(r), 36)
	}
	return name
}

// Postings are the pages that hold a word, sorted: a page's number shifted by 4 bits, and how much the word weighs there.
type Postings []uint32

// WordsFile holds words, sorted, with their pages: each page as the distance from the one before, in base 36, and a
// letter for the weight, A to O.
func WordsFile(bucket string, words []string, pages func(word string) Postings) File {
	b := []byte(`gloss("` + bucket + "\",`")
	for _, w := range words {
		b = append(append(append(b, '\n'), w...), ' ')
		last := uint32(0)
		for _, p := range pages(w) {
			page := p >> 4
			b = strconv.AppendUint(b, uint64(page-last), 36)
			b = append(b, 'A'-1+byte(p&15))
			last = page
		}
	}
	return File{"_x/" + bucket + ".js", append(b, "\n`)\n"...)}
}

// appendJSON appends a text as JSON.
func appendJSON(b []byte, s string) []byte {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\n':
			b = append(b, '\\', 'n')
		default:
			b = append(b, `\u00`...)
			b = append(b, "0123456789abcdef"[c>>4], "0123456789abcdef"[c&15])
		}
	}
	return append(append(b, s[from:]...), '"')
}
