package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// checklist is what a reader may count on, by number. The letters say how an item is looked at: B by a test in a
// browser, L by a test of a build, V by a person at pictures of pages.
var checklist = []struct {
	kind, what string
	looked     string // V: at what, and what was seen
	later      string // why there is no test yet
}{
	1:   {kind: "B", what: "no page is wider than its window, and wide tables scroll in a region with a name"},
	2:   {kind: "B", what: "lines of text hold 55 to 72 characters, and none more than 78"},
	3:   {kind: "B", what: "text has 18 px and room between its lines, nothing is smaller than 13 px, and readers choose the size"},
	4:   {kind: "B", what: "text twice as large is neither cut off nor on top of other text"},
	5:   {kind: "B", what: "text spread out as some readers need it is not cut off"},
	6:   {kind: "B", what: "one h1, no level left out, and a link at each heading"},
	7:   {kind: "B", what: "the answer comes first and is seen without scrolling"},
	8:   {kind: "V", what: "a phone shows title, standfirst and a key point of the overview at once", looked: "the overview of the first site at 390×844: title, standfirst, dates, the depths and two key points, the third in part"},
	9:   {kind: "V", what: "three columns, two or one as the window is wide", looked: "a section at 1280, 1100 and 900: contents, text and notes; text and notes below folded contents; one column"},
	10:  {kind: "B", what: "beside a wide page the contents stay in view and mark where one is"},
	11:  {kind: "B", what: "above a narrow page the contents are folded, and open without a script"},
	12:  {kind: "L", what: "the time that reading takes is 238 words a minute"},
	13:  {kind: "L", what: "the short version holds every key point and every answer once"},
	14:  {kind: "L", what: "the summary holds each section as far as its mark"},
	15:  {kind: "B", what: "the three depths lead to each other"},
	16:  {kind: "B", what: "the ways back and on name the neighbouring questions"},
	17:  {kind: "B", what: "the number of a question is its place in the contents"},
	18:  {kind: "B", what: "overview, corrections, sources and about are one click away"},
	19:  {kind: "B", what: "a card opens under the mouse, in its time"},
	20:  {kind: "B", what: "passing over a link opens nothing"},
	21:  {kind: "B", what: "a card stays while the pointer is on it"},
	22:  {kind: "B", what: "a card closes when the pointer has left"},
	23:  {kind: "B", what: "Escape closes a card and leaves the focus where it is"},
	24:  {kind: "B", what: "a card opens at the focus and holds no stop of its own"},
	25:  {kind: "B", what: "the first tap shows, the second follows"},
	26:  {kind: "B", what: "a tap on any other link follows at once"},
	27:  {kind: "B", what: "a click with a key held is never kept from the link"},
	28:  {kind: "B", what: "a card lies in the window and beside its line"},
	29:  {kind: "B", what: "at a link of two lines the card is at the one under the pointer"},
	30:  {kind: "B", what: "one card at a time, and the next one opens sooner"},
	31:  {kind: "B", what: "no card opens while the page scrolls under the mouse"},
	32:  {kind: "B", what: "cards can be switched off for good"},
	33:  {kind: "B", what: "without its data a link is a link"},
	34:  {kind: "L", what: "what a card says is short, whole and plain"},
	35:  {kind: "V", what: "links with a card are dotted, others are not", looked: "sections in light and dark, with links visited: dotted under people, terms, numbers and dates, solid under sections and other sites"},
	36:  {kind: "B", what: "notes in the margin lie on nothing, even when they crowd"},
	37:  {kind: "B", what: "a note with room stands beside its mark"},
	38:  {kind: "B", what: "on a narrow page a note follows its paragraph and leads back"},
	39:  {kind: "B", what: "citations are numbered as they are used, and lead to a source that lists its uses"},
	40:  {kind: "B", what: "the mark of a citation has a name and is large enough to hit"},
	41:  {kind: "L", what: "a changed fact fails the build until the prose says so, too"},
	42:  {kind: "L", what: "a fact is the same wherever it is shown"},
	43:  {kind: "B", what: "every fact shows its date"},
	44:  {kind: "B", what: "a fact says when it is past its review date"},
	45:  {kind: "L", what: "an approximate number is called approximate"},
	46:  {kind: "L", what: "facts and roles have a date, and facts a source"},
	47:  {kind: "L", what: "what we have not seen ourselves says through whom we know it"},
	48:  {kind: "L", what: "a withdrawn fact keeps its place and may not be used"},
	49:  {kind: "L", what: "every link of a writer leads somewhere, or the build says where it might"},
	50:  {kind: "L", what: "both ways of writing a link give the same page"},
	51:  {kind: "B", what: "a thing lists the pages that mention it, with the sentence and the way there"},
	52:  {kind: "L", what: "a mention that is gone is gone at the next save"},
	53:  {kind: "L", what: "only the first mention is linked, and only in prose"},
	54:  {kind: "L", what: "at most four related pages, each with the reason"},
	55:  {kind: "L", what: "no link of the finished site is broken, wherever it is served"},
	56:  {kind: "B", what: "a disputed claim has two positions, each of somebody, with date and source"},
	57:  {kind: "V", what: "known, disputed and unknown are told apart without colour", looked: "the ferry's section as eyes without cones for colour see it: a full disc, a half disc and a ring, in this order, each with its title and open"},
	58:  {kind: "L", what: "an established claim on one source says so"},
	59:  {kind: "L", what: "positions come in the order of their dates and look alike"},
	60:  {kind: "B", what: "every claim is listed once, by status"},
	61:  {kind: "L", what: "no date is more exact than it is known"},
	62:  {kind: "B", what: "the timeline is in order, names its gaps, and ends with what has no date"},
	63:  {kind: "B", what: "a chart has a finding, a source, a table and a file with the same numbers"},
	64:  {kind: "B", what: "the words of a chart can be read on the narrowest phone"},
	65:  {kind: "L", what: "bars begin at zero"},
	66:  {kind: "B", what: "series differ for those who see no colours, too"},
	67:  {kind: "V", what: "a chart is understood without its picture", looked: "the ferry's charts in black on white, drawings replaced by their descriptions: title, every number, events and sources are there"},
	68:  {kind: "B", what: "axe finds nothing"},
	69:  {kind: "B", what: "all text has contrast, in light and in dark"},
	70:  {kind: "B", what: "the focus is seen wherever it is"},
	71:  {kind: "B", what: "the first stop leads to the content"},
	72:  {kind: "B", what: "the parts of a page have names, and foreign words their language"},
	73:  {kind: "B", what: "nothing moves for those who want that"},
	74:  {kind: "B", what: "with the reader's own colours every box keeps its border"},
	75:  {kind: "B", what: "what is not in a sentence is large enough to hit"},
	76:  {kind: "L", what: "an image has a description"},
	77:  {kind: "B", what: "without scripts the text is all there"},
	78:  {kind: "B", what: "without scripts nothing is shown that does nothing"},
	79:  {kind: "B", what: "what is printed holds notes, numbers, sources and addresses, dark on light"},
	80:  {kind: "V", what: "no heading ends a printed page, nothing that belongs together is split", looked: "two sections and a timeline on A4: no heading ends a page, boxes, events and charts are whole; only a table longer than a page goes on"},
	81:  {kind: "B", what: "a site from right to left is mirrored"},
	82:  {kind: "B", what: "a name in another script turns nothing around"},
	83:  {kind: "L", what: "a page fits the first packets, and scripts are small"},
	84:  {kind: "B", what: "nobody else is asked, and little is kept"},
	85:  {kind: "B", what: "a page is there soon on a slow line"},
	86:  {kind: "B", what: "a page keeps its own policy"},
	87:  {kind: "L", what: "the same files give the same site"},
	88:  {kind: "B", what: "a section says who wrote it, as what, when, and what was changed"},
	89:  {kind: "L", what: "the date of a change is the one of the list of changes"},
	90:  {kind: "L", what: "a correction stands wherever corrections are told"},
	91:  {kind: "L", what: "what programs are told stands on the page"},
	92:  {kind: "L", what: "the feed of changes is valid"},
	93:  {kind: "L", what: "every page has a twin in markdown"},
	94:  {kind: "B", what: "a problem is reported with its place"},
	95:  {kind: "B", what: "the search finds names, questions and misspelt words"},
	96:  {kind: "B", what: "without scripts everything is listed from A to Z"},
	97:  {kind: "B", what: "where no page is, the site still is"},
	98:  {kind: "B", what: "a save is seen at once, and a broken file does no harm"},
	99:  {kind: "B", what: "the preview shows what is wrong beside it, and the site nothing of the preview"},
	100: {kind: "L", what: "a new site is right from the start"},
}

// TestChecklist holds the tests to the checklist: every item that a machine can look at has a test with its number in
// its name, or in the name of a script below testdata/reader. One test may have several numbers.
func TestChecklist(t *testing.T) {
	tested := map[int]bool{}
	numbered := regexp.MustCompile(`^(?:\d{3}_)+[a-zA-Z]`)
	add := func(name string) {
		if numbered.MatchString(name) {
			for _, n := range regexp.MustCompile(`\d{3}`).FindAllString(strings.SplitAfter(name, numbered.FindString(name))[0], -1) {
				i, _ := strconv.Atoi(n)
				tested[i] = true
				if i == 0 || i >= len(checklist) {
					t.Errorf("%s: the checklist has no item %s", name, n)
				}
			}
		}
	}
	files, err := filepath.Glob("*_test.go")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files with tests: %v", len(files), err)
	}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if s, err := strconv.Unquote(l.Value); err == nil {
					add(s)
				}
			}
			return true
		})
	}
	scripts, err := filepath.Glob("testdata/reader/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range scripts {
		add(filepath.Base(name))
	}
	var missing []int
	for n, item := range checklist {
		if n == 0 {
			continue
		}
		switch {
		case !slices.Contains([]string{"B", "L", "V"}, item.kind) || item.what == "":
			t.Errorf("the checklist says nothing of %d", n)
		case item.kind == "V":
			if item.looked == "" && !tested[n] {
				t.Errorf("nobody has looked at %d: %s", n, item.what)
			}
		case !tested[n] && item.later == "":
			missing = append(missing, n)
		case tested[n] && item.later != "":
			t.Errorf("%d has a test now, and the checklist says why it has none: %s", n, item.later)
		}
	}
	for _, n := range missing {
		t.Errorf("no test of %d (%s): %s", n, checklist[n].kind, checklist[n].what)
	}
}
