package diag

// Code describes one finding code. A code once published keeps its meaning (contract section 8).
type Code struct {
	Name  string
	Level Severity // unless site.toml says otherwise under [checks]
	About string   // one line, for --help and the guide
}

// Codes is every finding there is. docs/content/findings.md or warnings.md has a paragraph for each and testdata a
// fixture; a test keeps the three sets equal.
var Codes = []Code{
	{"broken-link", Error, "a link to a page, record or file that does not exist"},
	{"broken-anchor", Error, "a link to a heading that the page does not have"},
	{"broken-block", Error, "a link to a block name that the page does not have"},
	{"ambiguous-link", Error, "a name that means two things"},
	{"broken-asset", Error, "an image or file that does not exist"},
	{"embed-cycle", Error, "a page that embeds itself, directly or through others"},
	{"bad-embed", Error, "an embed that cannot be shown where it stands"},
	{"escaping-path", Error, "a path or symlink that leaves the site"},
	{"unsafe-url", Error, "a link with a scheme that can run code"},
	{"unknown-scheme", Error, "a link with a scheme that no browser opens, or a slip in one"},
	{"local-url", Error, "a link to localhost, or to this site by its full address"},
	{"unknown-source", Error, "a citation of a source that is not recorded"},
	{"unknown-fact", Error, "a fact: link to a fact that is not recorded"},
	{"unknown-event", Error, "an event: link to an event that is not recorded"},
	{"unknown-claim", Error, "a claim: link to a claim that is not recorded"},
	{"unknown-author", Error, "an author who is not in site.toml"},
	{"fact-mismatch", Error, "prose that disagrees with the fact it links to"},
	{"date-mismatch", Error, "prose that disagrees with the event's date"},
	{"contradicts-fact", Warning, "a number or date in prose that differs from a record named beside it"},
	{"fact-withdrawn", Error, "prose that still uses a withdrawn fact"},
	{"incomplete-record", Error, "a record without a field that it needs"},
	{"bad-record", Error, "a data file or record that cannot be read"},
	{"bad-date", Error, "a date that does not exist or is not written as one"},
	{"bad-front-matter", Error, "front matter that cannot be read"},
	{"bad-config", Error, "site.toml cannot be read"},
	{"bad-chart", Error, "a chart or timeline fence that cannot be drawn"},
	{"unknown-key", Error, "a key that means nothing here"},
	{"duplicate-id", Error, "one id for two things"},
	{"duplicate-address", Error, "two pages at one address"},
	{"case-collision", Error, "two files that are one on a disk that ignores case"},
	{"reserved-name", Error, "an address or file name that the generator needs itself"},
	{"unread-file", Warning, "a file that looks like one of records and is not read"},
	{"lost-address", Error, "an address that was published and leads nowhere now"},
	{"missing-answer", Error, "a section without an answer, or an entity without a summary"},
	{"missing-alt", Error, "an image without a description"},
	{"missing-title", Error, "a page without a title"},
	{"heading-skipped", Error, "a heading level that is skipped"},
	{"undefined-note", Error, "a footnote mark without a note"},
	{"unused-note", Error, "a footnote that nothing refers to"},
	{"left-over-markup", Error, "signs of markdown that were not understood, so that readers would see them"},
	{"bad-table", Error, "a table that is none, or loses cells"},
	{"raw-html", Warning, "HTML in markdown, shown as text"},
	{"bad-html", Error, "HTML that would break the page, where raw_html lets it through"},
	{"blocked-html", Error, "HTML, or a file, that the policy of the page blocks"},
	{"bad-encoding", Error, "a file that is not UTF-8 text"},
	{"too-large", Error, "a file over the size limit"},
	{"layout-error", Error, "a layout that cannot be parsed or run"},
	{"internal-error", Error, "a fault of gloss itself"},
	{"unknown-field", Error, "a layout that asks for a field that pages do not have"},
	{"borrowed-words", Warning, "a language that the program has no words for"},
	{"domain-mismatch", Warning, "a domain at which base_url is not"},
	{"no-base-url", Warning, "no address is configured, so no canonical links and no sitemap"},
	{"bad-style", Warning, "a slip in a stylesheet"},
	{"planned-link", Warning, "a link to a page that is planned"},
	{"orphan-page", Warning, "a page that no other page links to"},
	{"unmentioned-entity", Warning, "a term, person, organisation or event that no prose mentions"},
	{"unused-source", Warning, "a source that nothing cites"},
	{"uncited-paragraph", Warning, "a long paragraph of a section without a citation"},
	{"single-source-established", Warning, "an established claim that rests on one source chain"},
	{"unattributed-dispute", Warning, "a disputed box that names nobody and cites nothing"},
	{"crowded-callouts", Warning, "too many boxes"},
	{"long-answer", Warning, "an answer, summary or other short text over its length"},
	{"question-title", Warning, "a section whose title is no question"},
	{"answer-link", Warning, "a link to another page in an answer"},
	{"long-note", Warning, "a note of over 80 words or longer than its paragraph"},
	{"too-many-links", Warning, "more than 8 entity links in 100 words"},
	{"low-contrast", Warning, "an accent colour with a contrast below 4.5:1"},
	{"dead-link", Warning, "a link to another site that is gone"},
	{"future-date", Warning, "something that has happened, dated in the future"},
	{"review-due", Warning, "something past its review date"},
	{"page-too-heavy", Warning, "a page over its weight budget"},
	{"unlinked-mention", Off, "a name that could be a link"},
	{"unlinked-number", Off, "a number or date in prose that no record checks"},
	{"unused-file", Off, "a file in content/ that nothing published uses, and that is not copied"},
	{"candidate-term", Off, "a name used four times or more that has no page"},
	{"no-archive", Off, "a source without an archived copy"},
}

// Level returns the default severity of a code; a code it does not know is an error.
func Level(code string) Severity {
	for _, c := range Codes {
		if c.Name == code {
			return c.Level
		}
	}
	return Error
}
