package diff

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gloss/generator/content"
)

// Nothing is what a report says that finds no difference.
const Nothing = "No reader-visible change."

// JSON writes the report in the shape that docs/content/sections/publishing.md describes.
func (r *Report) JSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// Summary is the report in a few words, such as "1 fact changed on 4 pages" and "2 sections reworded".
func (r *Report) Summary() []string {
	if !r.Changed {
		return []string{Nothing}
	}
	var out []string
	say := func(n int, what, how string) {
		if n == 1 {
			out = append(out, "1 "+what+how)
		} else if n > 1 {
			out = append(out, strconv.Itoa(n)+" "+plural(what)+how)
		}
	}
	if len(r.Site) > 0 {
		out = append(out, "the site itself")
	}
	records := func(what string, list []Change) {
		for _, how := range []What{Changed, New, Removed} {
			n, pages := 0, map[string]bool{}
			for _, c := range list {
				if c.What == how {
					n++
					for _, p := range c.On {
						pages[p.URL] = true
					}
				}
			}
			after := " " + string(how)
			if len(pages) > 0 {
				after += " on " + counted(len(pages), "page")
			}
			say(n, what, after)
		}
	}
	records("fact", r.Facts)
	links := 0
	for _, what := range []string{"section", "other page"} {
		count := map[What]int{}
		for _, p := range r.Pages {
			for _, s := range p.Sentences {
				if what == "section" && s.What != New && s.What != Removed {
					links += len(s.Links)
				}
			}
			if (p.Kind == string(content.Section)) == (what == "section") {
				count[p.how()]++
			}
		}
		for _, how := range []What{New, Reworded, Changed, Moved, Removed} {
			say(count[how], what, " "+string(how))
		}
	}
	say(links, "link", " changed")
	records("claim", r.Claims)
	records("event", r.Events)
	records("source", r.Sources)
	records("redirect", r.Redirects)
	records("entry among the changes", r.Entries)
	records("image or file", r.Files)
	return out
}

// how says in what way a page differs, for a summary: Reworded is one whose words do.
func (p PageChange) how() What {
	if p.What == Changed && (p.OldTitle != "" || slices.ContainsFunc(p.Sentences, func(s Sentence) bool { return s.What != Cited && s.What != Linked })) {
		return Reworded
	}
	return p.What
}

// plural is a word of Summary for more than one.
func plural(what string) string {
	switch what {
	case "entry among the changes":
		return "entries among the changes"
	case "image or file":
		return "images or files"
	}
	return what + "s"
}

func counted(n int, what string) string {
	if n != 1 {
		what = plural(what)
	}
	return strconv.Itoa(n) + " " + what
}

// group is a part of the report with its heading.
type group struct {
	Title   string
	Changes []Change
}

// groups are the records of the report, without those of which none differs. Facts come first and stand apart.
func (r *Report) groups() []group {
	var out []group
	for _, g := range []group{{"Disputed claims", r.Claims}, {"Events", r.Events}, {"Sources", r.Sources}, {"Redirects", r.Redirects}, {"Entries among the changes", r.Entries}, {"Images and files", r.Files}} {
		if len(g.Changes) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// Text writes the report for a terminal: + is new, - is gone, ~ is changed.
func (r *Report) Text(w io.Writer) error {
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(strings.Join(r.Summary(), "; "), ".") + ".\n")
	line := func(indent int, format string, args ...any) {
		b.WriteString(strings.Repeat("  ", indent))
		fmt.Fprintf(&b, format, args...)
		b.WriteByte('\n')
	}
	field := func(indent int, f Field) {
		switch {
		case f.Old == "":
			line(indent, "%s: + %s", f.Name, f.New)
		case f.New == "":
			line(indent, "%s: - %s", f.Name, f.Old)
		default:
			line(indent, "%s: %s → %s", f.Name, f.Old, f.New)
		}
	}
	sentence := func(indent int, s Sentence) {
		if s.Old == s.New {
			mark := "  "
			if s.What == Moved {
				mark = "> "
			}
			line(indent, "%s%s", mark, s.New)
		} else {
			if s.Old != "" {
				line(indent, "- %s", s.Old)
			}
			if s.New != "" {
				line(indent, "+ %s", s.New)
			}
		}
		if s.What == New || s.What == Removed {
			return // its sources came or went with it
		}
		if len(s.Gained) > 0 {
			line(indent+1, "source: + %s", strings.Join(s.Gained, "; "))
		}
		if len(s.Lost) > 0 {
			line(indent+1, "source: - %s", strings.Join(s.Lost, "; "))
		}
		for _, l := range s.Links {
			l.Name = "link of “" + l.Name + "”"
			field(indent+1, l)
		}
	}
	record := func(c Change) {
		head := c.Title
		if c.ID != c.Title && !strings.Contains(c.ID, "\n") {
			head += " (" + c.ID + ")"
		}
		if c.Text != "" {
			head += ": " + c.Text
		}
		line(1, "%s %s", sign(c.What), head)
		for _, f := range c.Fields {
			field(3, f)
		}
		for _, p := range c.On {
			line(2, "on %s (/%s)", p.Title, p.URL)
			for _, s := range p.Sentences {
				sentence(3, s)
			}
		}
	}
	if len(r.Site) > 0 {
		line(0, "\nThe site")
		for _, f := range r.Site {
			field(1, f)
		}
	}
	if len(r.Facts) > 0 {
		line(0, "\nFacts")
		for _, c := range r.Facts {
			record(c)
		}
	}
	if len(r.Pages) > 0 {
		line(0, "\nPages")
	}
	for _, p := range r.Pages {
		line(1, "%s %s (/%s)", sign(p.What), p.Title, p.URL)
		if p.OldTitle != "" {
			line(3, "title: %s → %s", p.OldTitle, p.Title)
		}
		if p.What == Moved {
			line(3, "address: /%s → /%s", p.OldURL, p.URL)
		}
		for _, f := range p.Fields {
			field(3, f)
		}
		if p.What == New || p.What == Removed {
			if len(p.Sentences) > 0 {
				line(3, "%s%s", p.Sentences[0].Old, p.Sentences[0].New)
			}
			if n := len(p.Sentences) - 1; n > 0 {
				line(3, "… and %s", counted(n, "more line"))
			}
			continue
		}
		under := ""
		for _, s := range p.Sentences {
			if s.Under != under && s.Under != "" {
				line(2, "under “%s”", s.Under)
			}
			under = s.Under
			sentence(3, s)
		}
	}
	for _, g := range r.groups() {
		line(0, "\n%s", g.Title)
		for _, c := range g.Changes {
			record(c)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func sign(w What) string {
	switch w {
	case New:
		return "+"
	case Removed:
		return "-"
	case Moved:
		return ">"
	}
	return "~"
}
