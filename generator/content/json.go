package content

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"gloss/generator/diag"
)

// readJSON reads a JSON text with the standard library's tokens, whose offsets give the places.
func readJSON(file string, src []byte, code string) (value, []diag.Finding) {
	base := 0
	if bytes.HasPrefix(src, []byte("\xEF\xBB\xBF")) {
		base = 3
	}
	d := json.NewDecoder(bytes.NewReader(src[base:]))
	d.UseNumber()
	var out []diag.Finding
	// start skips the blanks and separators between two tokens.
	start := func() int {
		i := base + int(d.InputOffset())
		for i < len(src) && strings.IndexByte(" \t\r\n,:", src[i]) >= 0 {
			i++
		}
		return i
	}
	var read func(depth int) (value, error)
	read = func(depth int) (value, error) {
		s := start()
		t, err := d.Token()
		if err != nil {
			return value{}, err
		}
		if depth > 100 {
			return value{}, errors.New("too deeply nested")
		}
		v := value{span: diag.Span{File: file, Start: s}}
		switch t := t.(type) {
		case json.Delim:
			v.kind = kList
			if t == '{' {
				v.kind = kTable
			}
			for d.More() {
				if v.kind == kList {
					e, err := read(depth + 1)
					if err != nil {
						return v, err
					}
					v.list = append(v.list, e)
					continue
				}
				ks := start()
				k, err := d.Token()
				if err != nil {
					return v, err
				}
				ke := base + int(d.InputOffset())
				e := entry{key: k.(string), span: diag.Span{File: file, Start: ks, End: ke}}
				if e.val, err = read(depth + 1); err != nil {
					return v, err
				}
				if v.find(e.key) >= 0 {
					out = append(out, duplicateKey(e, v, code))
					continue
				}
				v.keys = append(v.keys, e)
			}
			if _, err := d.Token(); err != nil {
				return v, err
			}
		case string:
			v.kind, v.text, v.quote, v.open = kText, t, escaping, 1
		case json.Number:
			v.kind, v.text = kNumber, t.String()
		case bool:
			v.kind, v.text = kBool, fmt.Sprint(t)
		}
		v.span.End = base + int(d.InputOffset())
		return v, nil
	}
	v, err := read(0)
	at := int(d.InputOffset()) // the offset in a syntax error counts something else
	if err == nil {
		if _, e := d.Token(); e != io.EOF {
			err = errors.New("something follows the end of the data")
		}
	}
	if err != nil {
		if s := jsonSlip(src[base:]); s != nil {
			return value{}, append(out, s.finding(file, code, func(i int) int { return base + i }))
		}
		at = min(base+at, len(src))
		for at < len(src) && strings.IndexByte(" \t\r\n", src[at]) >= 0 {
			at++
		}
		msg := err.Error()
		if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
			at, msg = lineWithText(src, 0, len(src)), "it ends too early"
		}
		at = wholeLine(src, at)
		return value{}, append(out, diag.Finding{Code: code, Span: diag.Span{File: file, Start: at, End: lineEnd(src, at)},
			Message: "this is not JSON: " + msg, Hint: "a comma, a quotation mark or a bracket is missing or one too many, here or on the line before"})
	}
	return v, out
}
