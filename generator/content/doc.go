package content

import (
	"bytes"

	"gloss/generator/diag"
)

// PageType says what a page is; the folder of its file decides it (writer.md section 1).
type PageType string

// The types of page. A typed page is any but Plain.
const (
	Overview PageType = "overview" // content/index.md
	Section  PageType = "section"  // content/sections/
	Term     PageType = "term"     // content/terms/
	Who      PageType = "who"      // content/who/
	Event    PageType = "event"    // content/events/
	Plain    PageType = "plain"    // anything else
)

// File is one source file.
type File struct {
	Name string // relative to the site's root, with /
	Text []byte
}

// Doc is what one markdown file says, and nothing that another file could change. It is plain data: it can be
// printed, compared and hashed, and no later stage may write to it.
type Doc struct {
	File     string // "content/terms/x.md", as findings name it
	Name     string // "terms/x.md", relative to content/
	Type     PageType
	Meta     Meta
	Body     []Piece
	Refs     []Ref     // every outgoing reference, in source order; holes index this
	Heads    []Heading // in source order
	Blocks   []Block   // in source order; Ref.Block indexes this
	Notes    []Note    // in order of first use
	Charts   []Chart
	Lines    []Timeline
	Runs     []Run // stretches of prose in which a first mention may become a link
	Callouts []Callout
	LostIDs  []string  // of HTML that is shown as text, sorted: nothing can lead there
	Elements []Element // of the writer's HTML, those with an end
	More     *Pos      // where the three-minute part ends, if the writer said so
	Numbers  []Number  // of prose, outside links, in source order of their blocks
	Words    int       // of prose, notes not counted
	Twin     []Stretch // the body as markdown
	Sketch   string    // of the whole text
	HasRefs  bool      // the writer placed the source list with ::: {#refs}
}

// Piece is literal HTML, or a hole that only the whole site can fill (Ref ≥ 0, HTML empty). A link has two holes, one
// that opens it and one that closes it, with its words between them.
type Piece struct {
	HTML  string
	Ref   int  // index into Refs; -1 for literal HTML
	Close bool // the hole ends the reference
}

// Pos is a place in a []Piece: a byte offset in the HTML of one piece.
type Pos struct{ Piece, Offset int }

// Element is an element of HTML that the writer typed, from the start of its first tag to the end of its last.
type Element struct {
	Name     string
	From, To Pos
	Span     diag.Span // of its first tag
}

// Holds says whether a place lies inside the element, so that the text cannot be cut there.
func (e Element) Holds(at Pos) bool { return e.From.before(at) && at.before(e.To) }

func (p Pos) before(q Pos) bool {
	return p.Piece < q.Piece || p.Piece == q.Piece && p.Offset < q.Offset
}

// RefKind says what a reference asks for.
type RefKind string

// The kinds of reference. The kinds that contract section 9 prints in `graph` are link, embed, auto, citation, fact,
// event and claim; the others are bookkeeping of one page.
const (
	RefLink     RefKind = "link"
	RefEmbed    RefKind = "embed" // ![[page]]: its text appears here
	RefImage    RefKind = "image" // ![alt](file) and ![[file]]
	RefFact     RefKind = "fact"
	RefEvent    RefKind = "event"
	RefClaim    RefKind = "claim" // [words](claim:id)
	RefCite     RefKind = "citation"
	RefExternal RefKind = "external"
	RefAuthor   RefKind = "author"
	RefNote     RefKind = "note"     // the mark of a note; Index into Notes
	RefAside    RefKind = "aside"    // where the note itself is shown; Index into Notes
	RefChart    RefKind = "chart"    // Index into Charts
	RefTimeline RefKind = "timeline" // Index into Lines
	RefSources  RefKind = "sources"  // ::: {#refs}
)

// Ref is one outgoing reference of a page or record.
type Ref struct {
	Kind     RefKind
	Target   string // as the writer typed it, without the fragment; for citations the key
	Query    string // what followed ?, without it; of addresses in HTML
	Fragment string // what followed #, without it; "^x" for a block name; "A#B" for B under A
	At       string // facts: the dated value asked for with @
	Label    string // the text shown; "" when the target decides
	Title    string // the title of a markdown link or image
	Wiki     bool   // written [[x]]
	Planned  bool   // written [[?x]]
	Span     diag.Span
	Words    diag.Span // the label, for check --fix; empty when there is none
	Raw      string    // the bytes at Words, of links whose words may be checked
	Around   string    // the text around the words, where a $ stands in it; of texts in front matter, records and fences
	Quote    byte      // how the text that holds the words is quoted in its file; 0 in the body of a page
	On       string    // the day or month for which the text speaks, where it is dated: a change, a position
	Block    int       // index into Doc.Blocks; -1 for names in front matter (about, who) and in records
	From, To int       // byte range of the label in the block's Text
	Index    int       // see the kinds above
	Cite     Cite
	Image    Image
	Hidden   bool // nothing is shown in the text: nocite, chart sources, about, a [[link]] among the words of another
	Answer   bool // stands in answer, where only checked links may stand
	Front    bool // stands in front matter or a record, not in the body of a page
	Attr     bool // the address in an attribute of HTML, which is written alone
	Struck   bool // is struck out, so that the block's Text does not have its words
}

// Cite is the part of a citation beside its key (Pandoc manual, "Citation syntax").
type Cite struct {
	Prefix    string // "see"
	Locator   string // "para. 9"
	Narrative bool   // @key in the running text
	NoAuthor  bool   // -@key
}

// Image is the part of an image beside its address.
type Image struct {
	Alt           string
	Title         string
	Decorative    bool
	Width, Height int // in CSS px, as asked for with |640x480; 0: not said
}

// Heading is one heading of a page.
type Heading struct {
	ID     string
	Text   string // plain
	Level  int    // 1–6
	Block  int    // index into Blocks
	Nested bool   // stands inside a quote, callout or list
	Sketch string // of the text below it
	Span   diag.Span
}

// Block is a paragraph, list item, table, heading or the like: what a mention, a change or "report a problem" can
// point at.
type Block struct {
	ID       string
	Named    bool   // it has the writer's own ^name
	Name     string // that name; the ID is another where a heading has it
	Kind     string // paragraph, item, heading, quote, callout, table, code, figure, embed, list, definition; note; front: a text of front matter; html: an element of HTML with an id
	Head     int    // index of the heading it stands under; -1 before the first
	Section  int    // 0 before the first h2, then counting h2; -1 in front matter
	Top      bool   // stands directly in the page, not inside another block
	Text     string // plain text; leaf blocks only
	Words    int
	Cites    bool   // cites a source, checked number, date or claim
	Callout  bool   // stands inside a callout
	Sketch   string // of a named one
	Span     diag.Span
	From, To Pos // the block's HTML in Body; both zero inside a note and in front matter
}

// Note is a footnote.
type Note struct {
	Label string // as typed; "" for ^[inline]
	Body  []Piece
	Text  string
	Words int
	Uses  int // how often it is referred to
	Block int // the block that refers to it first
	Span  diag.Span
}

// Run is a stretch of escaped prose inside one literal piece.
type Run struct {
	Piece, From, To int // byte range in Body[Piece].HTML
	Section         int // as Block.Section
	Block           int
	Offset          int // of the run's first byte in the block's Text, before escaping
}

// Callout is one box.
type Callout struct {
	Type  string // note, known, disputed …
	Block int
	Span  diag.Span
	Cites bool // names a source, fact or entity
	Text  string
}

// Inline is one line of markdown in front matter or a record.
type Inline struct {
	Body  []Piece // Ref indexes the Refs of the Doc or Record that holds it
	Text  string  // plain text, links by their labels
	Words int
	Span  diag.Span
}

// Chart is a ```chart fence (contract section 7).
type Chart struct {
	ID               string
	Type             string // bar, line, step, range, dot
	Title, Subtitle  Inline
	Alt              string
	Facts            []int // indexes into Refs
	Data             string
	X, Y             string // column names
	Series           string
	Low, High        string
	Qualifier        string
	WhereCol, WhereV string // where = "col = value"
	From, To         string // partial dates
	Breaks           []string
	Decimal          byte  // '.' or ',': the decimal mark of the table; 0: not said
	Events           []int // indexes into Refs
	Sources          []int // indexes into Refs
	Unit             string
	Span             diag.Span // the fence
	Spans            map[string]diag.Span
}

// Timeline is a ```timeline fence.
type Timeline struct {
	From, To string
	About    string // a tag or an entity
	IDs      []int  // indexes into Refs
	Span     diag.Span
	Spans    map[string]diag.Span
}

// Meta is the front matter (writer.md section 2, contract section 2).
type Meta struct {
	Title       string
	TitleSpan   diag.Span
	Has         bool // the file has front matter
	Answer      Inline
	Summary     Inline
	Standfirst  Inline
	Takeaways   []Inline
	Tiles       []int // refs to facts
	Kind        string
	Style       string
	Layout      string
	LayoutSpan  diag.Span
	Order       float64
	HasOrder    bool
	Slug        string
	SlugSpan    diag.Span
	Aliases     []Named
	Redirects   []Named
	Draft       bool
	Published   Date
	Updated     Date
	UpdatedSpan diag.Span
	Authors     []int // refs
	ReviewedBy  []int // refs
	Dateline    string
	About       []int // refs
	Tags        []string
	Role        Inline
	RoleAsOf    Date
	Side        string
	SameAs      []string
	Image       int // ref; -1: none
	ImageAlt    string
	ReviewAfter Date
	ReviewSpan  diag.Span
	Certainty   string
	Date        Date // events
	DateEnd     Date
	DateText    string
	Planned     bool
	Disputed    bool
	Whos        []int // refs: who took part in the event
	Sources     []int // refs
	Description string
	NoCite      []int // refs: listed among the sources without a mark in the text
}

// Named is a string with its place.
type Named struct {
	Text string
	Span diag.Span
}

// Equal says whether two files are the same. It is quick for the very bytes of an earlier reading.
func (f File) Equal(g File) bool { return f.Name == g.Name && bytes.Equal(f.Text, g.Text) }
