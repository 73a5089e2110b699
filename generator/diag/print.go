package diag

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Source returns the text of a source file, or nil when it cannot be shown.
type Source func(file string) []byte

// Most is how many findings a terminal, or the overlay of the preview, gets.
const Most = 50

// Paint says how a report looks; the zero value prints plain text.
type Paint struct {
	Error, Warning, Code, Hint func(string) string

	Calls bool // print the calls that led to an internal-error
	Most  int  // how many findings are printed before a count replaces the rest; 0: all
}

func paint(f func(string) string, s string) string {
	if f == nil {
		return s
	}
	return f(s)
}

// Print writes findings for people: file:line:col, severity, message and code, then a code frame and the hint. The
// first line of each is what editors and terminals turn into a link.
func Print(w io.Writer, fs []Finding, src Source, p Paint) {
	for i, f := range fs {
		if i == p.Most && p.Most > 0 {
			fmt.Fprintf(w, "… and %d more\n\n", len(fs)-i)
			break
		}
		text := src(f.Span.File)
		pos := Locate(text, f.Span.Start)
		sev := paint(p.Warning, f.Severity.String())
		if f.Severity == Error {
			sev = paint(p.Error, f.Severity.String())
		}
		fmt.Fprintf(w, "%s:%d:%d: %s: %s %s\n", clean(f.Span.File), pos.Line, pos.Column, sev, clean(f.Message), paint(p.Code, "["+f.Code+"]"))
		io.WriteString(w, Frame(text, f.Span))
		for _, r := range f.Related {
			at := Locate(src(r.Span.File), r.Span.Start)
			fmt.Fprintf(w, "   %s:%d:%d: %s\n", r.Span.File, at.Line, at.Column, r.Message)
		}
		if f.Hint != "" {
			fmt.Fprintf(w, "   %s %s\n", paint(p.Hint, "hint:"), f.Hint)
		}
		if p.Calls && f.Calls != "" {
			fmt.Fprintf(w, "\n%s", f.Calls)
		}
		io.WriteString(w, "\n")
	}
}

// Frame draws the line that a span starts on, with the span underlined. It returns "" for an empty text. Tabs are
// drawn as four columns; combining marks take none and wide characters two, so that the line below fits. What is said of a
// picture or another file that is no text has none.
func Frame(text []byte, s Span) string {
	if len(text) == 0 || s.Start == s.End && bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
		return ""
	}
	at := max(0, min(s.Start, len(text)))
	start := bytes.LastIndexByte(text[:at], '\n') + 1
	end := len(text)
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
		end = at + i
	}
	line := strings.TrimSuffix(string(text[start:end]), "\r")
	from := min(at-start, len(line))
	to := max(from, min(s.End-start, len(line)))
	pre, mid := columns(line[:from]), columns(line[from:to])
	shownLine := clean(line)
	// A long line (a paragraph on one line is usual in prose) is cut around the span.
	const room = 100
	if columns(line) > room {
		rs := []rune(shownLine)
		left := max(0, utf8.RuneCountInString(clean(line[:from]))-30)
		right := min(len(rs), left+room)
		cut := string(rs[left:right])
		pre = columns(string(rs[left:min(len(rs), utf8.RuneCountInString(clean(line[:from])))]))
		if left > 0 {
			cut, pre = "…"+cut, pre+1
		}
		if right < len(rs) {
			cut += "…"
		}
		shownLine = cut
		mid = min(mid, max(1, columns(cut)-pre))
	}
	n := Locate(text, at).Line
	return fmt.Sprintf("%5d │ %s\n      │ %s%s\n", n, shownLine, strings.Repeat(" ", pre), strings.Repeat("~", max(1, mid)))
}

// clean makes a source line safe to print: tabs widened, other control characters (which could drive the terminal)
// replaced.
func clean(s string) string {
	s = strings.TrimPrefix(s, bom)
	s = strings.ReplaceAll(s, "\t", "    ")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return '�'
		}
		return r
	}, s)
}

func columns(s string) int {
	n := 0
	for _, r := range clean(s) {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case width.LookupRune(r).Kind() == width.EastAsianWide || width.LookupRune(r).Kind() == width.EastAsianFullwidth:
			n += 2
		default:
			n++
		}
	}
	return n
}

type jsonFinding struct {
	Code      string `json:"code"`
	Severity  string `json:"severity"`
	File      string `json:"file"`
	Line      int    `json:"line"`
	Column    int    `json:"column"`
	EndLine   int    `json:"end_line"`
	EndColumn int    `json:"end_column"`
	Message   string `json:"message"`
	Hint      string `json:"hint"`
}

// JSON writes findings in the shape that docs/content/checking.md describes. waiting is how many more may show when the
// unreadable files can be read.
func JSON(w io.Writer, fs []Finding, waiting int, src Source) error {
	out := struct {
		Findings []jsonFinding `json:"findings"`
		Errors   int           `json:"errors"`
		Warnings int           `json:"warnings"`
		Waiting  int           `json:"waiting"`
	}{Findings: []jsonFinding{}, Waiting: waiting}
	out.Errors, out.Warnings = Count(fs)
	for _, f := range fs {
		text := src(f.Span.File)
		a, b := Locate(text, f.Span.Start), Locate(text, f.Span.End)
		out.Findings = append(out.Findings, jsonFinding{f.Code, f.Severity.String(), f.Span.File, a.Line, a.Column, b.Line, b.Column, f.Message, f.Hint})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// GitHub writes findings as workflow commands, which GitHub shows on the lines of a pull request. folder is where the
// site lies in the repository, ending in /, or "". waiting is how many more may show when the unreadable files can be
// read.
func GitHub(w io.Writer, fs []Finding, waiting int, src Source, folder string) {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	prop := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, f := range fs {
		text := src(f.Span.File)
		a, b := Locate(text, f.Span.Start), Locate(text, f.Span.End)
		msg := f.Message
		if f.Hint != "" {
			msg += "\n" + f.Hint
		}
		fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d,endLine=%d,endColumn=%d,title=%s::%s\n", f.Severity, prop.Replace(folder+f.Span.File),
			a.Line, a.Column, b.Line, b.Column, prop.Replace(f.Code), data.Replace(msg))
	}
	if line := Waiting(waiting, fs); line != "" {
		at := slices.IndexFunc(fs, func(f Finding) bool { return f.Unreadable })
		fmt.Fprintf(w, "::notice file=%s::%s\n", prop.Replace(folder+fs[at].Span.File), data.Replace(line))
	}
}
