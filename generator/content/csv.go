package content

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gloss/generator/diag"
)

// readCSV reads a CSV text with a header line: a list of tables, the names of the columns, and the separator. It takes
// what spreadsheets write: commas, semicolons or tabs, a first line such as "sep=;", a byte order mark, line ends of
// CR alone, and rows and columns of separators after the last that hold something. A ragged row is a finding and is left
// out. Offsets are those of the file.
func readCSV(file string, src []byte, code string) (value, []Named, byte, []diag.Finding) {
	base := 0
	if bytes.HasPrefix(src, []byte("\xEF\xBB\xBF")) {
		base = 3
	}
	if bytes.IndexByte(src, '\n') < 0 && bytes.IndexByte(src, '\r') >= 0 {
		src = bytes.ReplaceAll(src, []byte("\r"), []byte("\n")) // as long as before, so places stay
	}
	first := src[base:lineEnd(src, base)]
	sep := csvSeparator(src[base:])
	if rest, ok := bytes.CutPrefix(bytes.ToLower(bytes.Trim(first, `"`)), []byte("sep=")); ok && len(rest) == 1 {
		sep = rest[0]
		base = next(src, base)
	}
	out := value{kind: kList, span: diag.Span{File: file, Start: base, End: len(src)}}
	if !strings.ContainsRune(",;\t|", rune(sep)) {
		return out, nil, sep, diag.Unreadable([]diag.Finding{{Code: code, Span: diag.Span{File: file, Start: 0, End: lineEnd(src, 0)},
			Message: fmt.Sprintf("%q cannot separate the columns", sep), Hint: "save the file with commas, semicolons or tabs between the columns"}})
	}
	r := csv.NewReader(bytes.NewReader(src[base:]))
	r.FieldsPerRecord = -1
	r.Comma = rune(sep)
	var head []Named
	var fs []diag.Finding
	starts := []int{base}
	line := func(l, col int) int {
		for len(starts) < l && starts[len(starts)-1] < len(src) {
			starts = append(starts, next(src, starts[len(starts)-1]))
		}
		return min(len(src), starts[min(max(l, 1), len(starts))-1]+max(col, 1)-1)
	}
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			fs = append(fs, csvError(file, src, err, sep, code, line))
			break
		}
		start := func(i int) int { l, c := r.FieldPos(i); return line(l, c) }
		if blankRow(row) {
			continue
		}
		if head == nil {
			row = row[:lastFilled(row)+1]
			for i, h := range row {
				at := start(i)
				n := Named{strings.TrimSpace(h), diag.Span{File: file, Start: at, End: at + len(h)}}
				if at < len(src) && src[at] == '"' {
					n.Span.End = cellEnd(src, at)
				}
				head = append(head, n)
			}
			continue
		}
		v := value{kind: kTable, span: diag.Span{File: file, Start: start(0), End: lineEnd(src, start(len(row)-1))}}
		if len(row) > len(head) && lastFilled(row) < len(head) {
			row = row[:len(head)]
		}
		if len(row) != len(head) {
			fs = append(fs, diag.Finding{Code: code, Span: v.span, Message: fmt.Sprintf("this row has %d fields, the header has %d", len(row), len(head)), Hint: raggedHint(row, len(head), sep)})
			continue
		}
		for i, f := range row {
			s := start(i)
			e := value{kind: kText, text: f, span: diag.Span{File: file, Start: s, End: s + len(f)}}
			if s < len(src) && src[s] == '"' {
				e.quote, e.open = cell, 1
				e.span.End = cellEnd(src, s)
			}
			v.keys = append(v.keys, entry{key: head[i].Text, span: e.span, val: e})
		}
		out.list = append(out.list, v)
	}
	return out, head, sep, fs
}

// csvSeparator is the separator of a CSV text: of comma, semicolon and tab the one that its first line holds most often
// outside quotation marks, a comma where it holds none.
func csvSeparator(src []byte) byte {
	count := map[byte]int{}
	quoted := false
	for _, c := range src {
		switch {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\n':
			if len(count) > 0 {
				return mostOf(count)
			}
			return ','
		case c == ',' || c == ';' || c == '\t':
			count[c]++
		}
	}
	return mostOf(count)
}

func mostOf(count map[byte]int) byte {
	sep := byte(',')
	for _, c := range []byte{';', '\t'} {
		if count[c] > count[sep] {
			sep = c
		}
	}
	return sep
}

func blankRow(row []string) bool { return lastFilled(row) < 0 }

// lastFilled is the index of the last cell that holds more than blanks, or -1.
func lastFilled(row []string) int {
	for i, c := range slices.Backward(row) {
		if strings.TrimSpace(c) != "" {
			return i
		}
	}
	return -1
}

// raggedHint says what a row of another length than the header may be.
func raggedHint(row []string, want int, sep byte) string {
	name := map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "|"}[sep]
	if len(row) > want {
		return fmt.Sprintf("put quotation marks around a text that holds a %s; each column needs a name in the first line", name)
	}
	return fmt.Sprintf("write a %s for each empty field, too", name)
}

// csvError turns an error of encoding/csv into a finding at the place of the slip: where the quotation mark was opened.
func csvError(file string, src []byte, err error, sep byte, code string, line func(l, col int) int) diag.Finding {
	f := diag.Finding{Code: code, Message: "this is not CSV: " + err.Error(), Unreadable: true,
		Hint: `put a text that holds a separator or a quotation mark in quotation marks, and double those inside: "he said ""yes"""`}
	at := line(1, 1)
	var pe *csv.ParseError
	if errors.As(err, &pe) {
		switch {
		case errors.Is(pe.Err, csv.ErrBareQuote):
			at = line(pe.Line, pe.Column)
			f.Message = "a quotation mark stands inside a field that does not start with one"
			f.Hint = `put the whole field in quotation marks, and double those inside: "he said ""yes"""`
		case errors.Is(pe.Err, csv.ErrQuote):
			// The reader stops where the field should end; what matters is where it began.
			stop := line(pe.Line, pe.Column)
			if stop >= len(src) || src[stop] != '"' {
				stop = max(0, stop-1)
			}
			at = openQuote(src, line(pe.StartLine, 1), stop, sep)
			if pe.StartLine != pe.Line || bytes.Count(src[at:], []byte(`"`))%2 == 1 {
				f.Message = "the quotation mark that opens here is not closed in its field"
			} else {
				f.Message = "something follows the quotation mark that closes this field"
			}
		default:
			at = line(pe.Line, pe.Column)
		}
	}
	at = wholeLine(src, min(at, len(src)))
	f.Span = diag.Span{File: file, Start: at, End: lineEnd(src, at)}
	return f
}

// openQuote is where the quoted field starts that the reader was in at stop, in the record that starts at from.
func openQuote(src []byte, from, stop int, sep byte) int {
	at, open := from, -1
	for i := from; i < min(stop, len(src)); i++ {
		switch {
		case src[i] == '"' && open < 0 && (i == from || src[i-1] == sep || src[i-1] == '\n'):
			open, at = i, i
		case src[i] == '"' && open >= 0 && i+1 < len(src) && src[i+1] == '"':
			i++
		case src[i] == '"' && open >= 0 && (i+1 == len(src) || src[i+1] == sep || src[i+1] == '\n' || src[i+1] == '\r'):
			open = -1
		}
	}
	return at
}

// cellEnd is the end of the quoted CSV field that starts at at.
func cellEnd(src []byte, at int) int {
	for i := at + 1; i < len(src); i++ {
		if src[i] != '"' {
			continue
		}
		if i+1 == len(src) || src[i+1] != '"' {
			return i + 1
		}
		i++
	}
	return len(src)
}
