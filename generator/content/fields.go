package content

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gloss/generator/diag"
)

// fields asks one table for its fields and collects what is wrong with them. Every key that is asked for is known;
// [fields.done] reports the others.
type fields struct {
	src    []byte // the file, for positions inside values
	v      value
	what   string // "the fact \"us-troops\"", for messages
	strict bool   // types as TOML has them: site.toml
	code   string // of type errors: bad-front-matter, bad-record, bad-config
	known  []string
	out    *[]diag.Finding

	severity diag.Severity // of what is found; Default: as the code has it
}

func (f *fields) add(code string, span diag.Span, hint, format string, args ...any) {
	*f.out = append(*f.out, diag.Finding{Severity: f.severity, Code: code, Span: span, Message: fmt.Sprintf(format, args...), Hint: hint})
}

func (f *fields) get(key string) (value, bool) {
	f.known = append(f.known, key)
	v, ok := f.v.get(key)
	if !ok || v.kind == kNull {
		return v, false
	}
	return v, true
}

func (f *fields) wrong(key string, v value, want string) {
	f.add(f.code, v.span, "", "%s should be %s, not %s", key, want, v.kind)
}

// str reads a text; numbers and dates are taken as they are written.
func (f *fields) str(key string) Named {
	v, ok := f.get(key)
	if !ok {
		return Named{}
	}
	if f.strict && v.kind != kText {
		f.wrong(key, v, "a text in quotation marks")
		return Named{}
	}
	switch v = f.unquoted(v); v.kind {
	case kText, kNumber, kDate, kBool:
		return Named{strings.TrimSpace(v.text), v.span}
	}
	f.wrong(key, v, "a text")
	return Named{}
}

// unquoted turns a [[x]] without quotes, which YAML reads as a list in a list, back into the text it is (contract
// section 2).
func (f *fields) unquoted(v value) value {
	if v.kind != kList || len(v.list) != 1 || v.list[0].kind != kList {
		return v
	}
	if raw := f.src[v.span.Start:v.span.End]; bytes.HasPrefix(raw, []byte("[[")) && bytes.HasSuffix(raw, []byte("]]")) {
		return value{kind: kText, text: string(raw), span: v.span}
	}
	return v
}

// oneOf reads a text that must be one of a few words.
func (f *fields) oneOf(key string, words ...string) string {
	s := f.str(key)
	if s.Text == "" || slices.Contains(words, s.Text) {
		return s.Text
	}
	hint := "use one of: " + strings.Join(words, ", ")
	if near := diag.Suggest(s.Text, words); near != "" {
		hint = fmt.Sprintf("did you mean %q? It can be: %s", near, strings.Join(words, ", "))
	}
	f.add(f.code, s.Span, hint, "%s cannot be %q", key, s.Text)
	return ""
}

func (f *fields) flag(key string) bool {
	v, ok := f.get(key)
	if !ok {
		return false
	}
	if f.strict && v.kind != kBool {
		f.wrong(key, v, "true or false, without quotation marks")
		return false
	}
	switch strings.ToLower(strings.TrimSpace(v.text)) {
	case "true", "yes", "on", "1":
		return true
	case "false", "no", "off", "0", "":
		if v.kind != kList && v.kind != kTable {
			return false
		}
	}
	f.wrong(key, v, "true or false")
	return false
}

func (f *fields) num(key string) (float64, bool) {
	v, ok := f.get(key)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(v.text), 64)
	if err != nil || v.kind == kList || v.kind == kTable {
		f.wrong(key, v, "a number")
		return 0, false
	}
	return n, true
}

// date reads a partial date: "2020", "2020-01" or "2020-01-05".
func (f *fields) date(key string) Date {
	v, ok := f.get(key)
	if !ok || strings.TrimSpace(v.text) == "" && v.kind != kList && v.kind != kTable {
		return Date{}
	}
	d, why := ParseDate(strings.TrimSpace(v.text))
	if why != "" || v.kind == kList || v.kind == kTable {
		if why == "" {
			why = "it is " + v.kind.String()
		}
		hint, _ := DateHint(v.text, english)
		f.add("bad-date", v.span, hint, "%s is not a date: %s", key, why)
		return Date{}
	}
	d.Span = v.span
	return d
}

// strs reads a list of texts; one text stands for a list of one. An unquoted [[x]] is the text x (contract section 2).
func (f *fields) strs(key string) []Named {
	v, ok := f.get(key)
	if !ok {
		return nil
	}
	return f.texts(key, v)
}

func (f *fields) texts(key string, v value) []Named {
	switch v.kind {
	case kList:
		var out []Named
		for _, e := range v.list {
			switch {
			case e.kind == kList && len(e.list) == 1 && e.list[0].kind == kList: // - [[x]]
				out = append(out, f.texts(key, e.list[0])...)
			case e.kind == kList:
				out = append(out, f.texts(key, e)...)
			case e.kind == kTable:
				f.wrong(key, e, "a text")
			case e.kind != kNull:
				out = append(out, Named{strings.TrimSpace(e.text), e.span})
			}
		}
		return out
	case kTable:
		f.wrong(key, v, "a list of texts")
		return nil
	}
	if s := strings.TrimSpace(v.text); s != "" {
		return []Named{{s, v.span}}
	}
	return nil
}

// split is strs for CSV cells, where ; separates.
func (f *fields) split(key string) []Named {
	v, ok := f.get(key)
	if !ok {
		return nil
	}
	var out []Named
	at := v.at(f.src)
	pos := 0
	for _, s := range strings.Split(v.text, ";") {
		t := strings.TrimSpace(s)
		if t != "" {
			i := pos + strings.Index(s, t)
			out = append(out, Named{t, diag.Span{File: v.span.File, Start: at[i], End: at[i+len(t)-1] + 1}})
		}
		pos += len(s) + 1
	}
	return out
}

// done reports the keys that nobody asked for.
func (f *fields) done(severity diag.Severity, also ...string) {
	known := append(f.known, also...)
	for _, e := range f.v.keys {
		if slices.Contains(known, e.key) {
			continue
		}
		hint := "remove it, or see the writer’s guide for the keys there are"
		if near := diag.Suggest(e.key, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		*f.out = append(*f.out, diag.Finding{Severity: severity, Code: "unknown-key", Span: e.span,
			Message: fmt.Sprintf("%s has no key %q", f.what, e.key), Hint: hint})
	}
}

// need reports a field that must be there.
func (f *fields) need(keys ...string) {
	for _, k := range keys {
		f.known = append(f.known, k)
		v, ok := f.v.get(k)
		if ok && v.kind != kNull && (v.kind == kList && len(v.list) > 0 || v.kind == kTable || strings.TrimSpace(v.text) != "") {
			continue
		}
		span := f.v.span
		if ok {
			span = v.span
		}
		f.add("incomplete-record", span, fmt.Sprintf("add %s", k), "%s needs %s", f.what, k)
	}
}
