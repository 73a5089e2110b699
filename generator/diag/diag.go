// Package diag holds what a check reports: findings, with a position in a source file, a stable code, a message in
// the writer's words and a hint that can be acted on.
//
// Use it from any stage: build a [Finding] with a [Span] in byte offsets and return it beside the stage's value. Line
// and column exist only when a finding is printed ([Print], [JSON], [GitHub]), so no stage ever counts lines. Nothing
// here reads a file: whoever prints passes the source text in.
//
// A finding is about the writer's files. Trouble with the machine (a folder that cannot be read, a port in use) is an
// ordinary Go error and never becomes a finding.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Span is a half-open range of bytes in a source file.
type Span struct {
	File       string // relative to the site's root, with /
	Start, End int    // byte offsets; End is exclusive
}

// Severity says what a finding does to the build.
type Severity int

// The zero Severity means "the level of the code": [Level] decides when the findings are collected.
const (
	Default Severity = iota
	Off
	Warning
	Error
)

// String is the word used in reports and in the JSON of contract section 8.
func (s Severity) String() string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Off:
		return "off"
	}
	return "default"
}

// Related points at another place that belongs to a finding, such as "first defined here".
type Related struct {
	Span    Span
	Message string
}

// Fix is the replacement that check --fix may make for a finding. Checked numbers and dates carry one, and addresses that
// were published and whose new place is known.
type Fix struct {
	Span Span   // what is replaced
	Text string // what is put there
}

// Finding is one thing a check reports.
type Finding struct {
	Severity Severity
	Code     string // stable, kebab-case, one of [Codes]
	Span     Span
	Message  string // what is wrong, one line, in the writer's words
	Hint     string // what to do about it; may be empty
	Related  []Related
	Fixes    []Fix

	// Unreadable says that nothing of the file could be used: it is no YAML, TOML, JSON or CSV, no UTF-8 text, or too
	// large. Findings that may only follow from that wait until it can be read. It is an error whatever site.toml says.
	Unreadable bool

	Calls string // of an internal-error: the calls that led to it, the innermost first, as [Fault.Calls]
}

// Unreadable marks findings that keep a whole file from being read.
func Unreadable(fs []Finding) []Finding {
	for i := range fs {
		fs[i].Unreadable = true
	}
	return fs
}

// Waiting says how many findings wait until unreadable files can be read, and of how many files that is, in one line;
// "" when none waits. shown are the findings that do not wait.
func Waiting(n int, shown []Finding) string {
	if n == 0 {
		return ""
	}
	files := 0
	for _, f := range shown {
		if f.Unreadable {
			files++
		}
	}
	what, when := "findings more", "this file"
	if n == 1 {
		what = "finding more"
	}
	if files > 1 {
		when = fmt.Sprintf("these %d files", files)
	}
	return fmt.Sprintf("%d %s may show when %s can be read.", n, what, when)
}

// Compare orders findings as they are reported: by file and place.
func Compare(a, b Finding) int {
	return cmp.Or(cmp.Compare(a.Span.File, b.Span.File), cmp.Compare(a.Span.Start, b.Span.Start),
		cmp.Compare(a.Code, b.Code), cmp.Compare(a.Span.End, b.Span.End), cmp.Compare(a.Message, b.Message))
}

// Sort puts findings into report order (file, offset, code, message) and drops exact repetitions.
func Sort(fs []Finding) []Finding {
	slices.SortStableFunc(fs, Compare)
	return slices.CompactFunc(fs, func(a, b Finding) bool {
		return a.Span == b.Span && a.Code == b.Code && a.Message == b.Message
	})
}

// Count returns how many findings are errors and how many are warnings.
func Count(fs []Finding) (errors, warnings int) {
	for _, f := range fs {
		switch f.Severity {
		case Error:
			errors++
		case Warning:
			warnings++
		}
	}
	return errors, warnings
}

// Position is a place as a person counts it (contract section 8): both 1-based, the column in Unicode code points.
type Position struct{ Line, Column int }

const bom = "\uFEFF"

// Locate turns a byte offset into a position. A byte order mark at the start of the file has no width, as editors do
// not show it. Offsets outside text are clamped. CR LF and LF both end a line.
func Locate(text []byte, offset int) Position {
	offset = max(0, min(offset, len(text)))
	p := Position{Line: 1, Column: 1}
	start := 0
	if len(text) >= len(bom) && string(text[:len(bom)]) == bom {
		start = len(bom)
	}
	for i := start; i < offset; i++ {
		if text[i] == '\n' {
			p.Line++
			start = i + 1
		}
	}
	if start < offset {
		p.Column += utf8.RuneCount(text[start:offset])
	}
	return p
}

// Apply puts fixes into a text and says how many: all but those that overlap a later one. Those that insert at one place
// come in their order.
func Apply(text []byte, fixes []Fix) ([]byte, int) {
	list := slices.Clone(fixes)
	slices.SortStableFunc(list, func(a, b Fix) int { return cmp.Compare(a.Span.Start, b.Span.Start) })
	n, last := 0, len(text)
	for _, x := range slices.Backward(list) {
		if x.Span.End > last {
			continue
		}
		text = slices.Concat(text[:x.Span.Start], []byte(x.Text), text[x.Span.End:])
		last = x.Span.Start
		n++
	}
	return text, n
}
