package content

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gloss/generator/diag"
)

// bibTypes are the types of entry of BibTeX, BibLaTeX and their users as CSL calls them. Entries of a type with "" are no
// sources.
var bibTypes = map[string]string{
	"article": "article-journal", "suppperiodical": "article-journal", "review": "review", "periodical": "periodical",
	"book": "book", "mvbook": "book", "booklet": "pamphlet", "collection": "book", "mvcollection": "book", "reference": "book", "mvreference": "book",
	"proceedings": "book", "mvproceedings": "book", "inbook": "chapter", "bookinbook": "chapter", "suppbook": "chapter", "incollection": "chapter", "suppcollection": "chapter",
	"inreference": "entry-encyclopedia", "inproceedings": "paper-conference", "conference": "paper-conference", "manual": "report", "techreport": "report", "report": "report",
	"thesis": "thesis", "phdthesis": "thesis", "mastersthesis": "thesis", "bathesis": "thesis", "unpublished": "manuscript", "misc": "document", "other": "document",
	"online": "webpage", "electronic": "webpage", "www": "webpage", "internet": "webpage", "webpage": "webpage", "patent": "patent", "dataset": "dataset", "data": "dataset", "software": "software", "softwareversion": "software", "softwaremodule": "software", "codefragment": "software",
	"artwork": "graphic", "image": "graphic", "audio": "song", "music": "song", "movie": "motion_picture", "video": "motion_picture", "performance": "performance", "standard": "standard",
	"legislation": "legislation", "jurisdiction": "legal_case", "legal": "treaty", "commentary": "book", "letter": "personal_communication", "newspaper": "article-newspaper", "magazine": "article-magazine",
	"presentation": "speech", "talk": "speech", "speech": "speech", "map": "map", "interview": "interview", "blog": "post-weblog", "preprint": "article", "comment": "", "xdata": "", "set": "", "control": "", "ieeetranbstctl": "",
	"bibnote": "", "customa": "document", "customb": "document", "customc": "document", "customd": "document", "custome": "document", "customf": "document",
}

// bibTypeNames are the same as they stand in a file.
var bibTypeNames = func() []string {
	var out []string
	for _, t := range slices.Sorted(maps.Keys(bibTypes)) {
		out = append(out, "@"+t)
	}
	return out
}()

// bibSubtypes are what entrysubtype may make of an entry, and type where it is free.
var bibSubtypes = map[string]string{"newspaper": "article-newspaper", "newspaperarticle": "article-newspaper", "magazine": "article-magazine", "magazinearticle": "article-magazine", "journal": "article-journal",
	"blogpost": "post-weblog", "blog post": "post-weblog", "blog": "post-weblog", "forumpost": "post", "tweet": "post", "tvbroadcast": "broadcast", "radiobroadcast": "broadcast", "podcast": "broadcast", "presentation": "speech", "talk": "speech",
	"speech": "speech", "email": "personal_communication", "letter": "personal_communication", "instantmessage": "personal_communication", "interview": "interview", "map": "map", "bill": "bill", "hearing": "hearing", "dictionaryentry": "entry-dictionary", "encyclopediaarticle": "entry-encyclopedia",
	"preprint": "article", "press release": "press-release", "pressrelease": "press-release", "press-release": "press-release"}

// bibGenres are the keys that the field type may hold instead of words (BibLaTeX manual, 4.9.2.13), and what they say.
var bibGenres = map[string]string{"phdthesis": "PhD thesis", "mathesis": "Master’s thesis", "bathesis": "Bachelor’s thesis", "mastersthesis": "Master’s thesis", "candthesis": "Candidate thesis", "techreport": "Technical report", "resreport": "Research report",
	"software": "Software", "datacd": "CD-ROM", "audiocd": "Audio CD", "patent": "Patent", "patentde": "German patent", "patenteu": "European patent", "patentfr": "French patent", "patentuk": "British patent", "patentus": "US patent",
	"patreq": "Patent application", "patreqde": "German patent application", "patreqeu": "European patent application", "patreqfr": "French patent application", "patrequk": "British patent application", "patrequs": "US patent application"}

// bibStrings are the abbreviations that every style of BibTeX has: months, and the journals of plain.bst.
var bibStrings = func() map[string]string {
	out := map[string]string{"acmcs": "ACM Computing Surveys", "acta": "Acta Informatica", "cacm": "Communications of the ACM", "ibmjrd": "IBM Journal of Research and Development", "ibmsj": "IBM Systems Journal",
		"ieeese": "IEEE Transactions on Software Engineering", "ieeetc": "IEEE Transactions on Computers", "ieeetcad": "IEEE Transactions on Computer-Aided Design of Integrated Circuits", "ipl": "Information Processing Letters", "jacm": "Journal of the ACM",
		"jcss": "Journal of Computer and System Sciences", "scp": "Science of Computer Programming", "sicomp": "SIAM Journal on Computing", "tocs": "ACM Transactions on Computer Systems", "tods": "ACM Transactions on Database Systems",
		"tog": "ACM Transactions on Graphics", "toms": "ACM Transactions on Mathematical Software", "toois": "ACM Transactions on Office Information Systems", "toplas": "ACM Transactions on Programming Languages and Systems", "tcs": "Theoretical Computer Science", "sept": "sep"}
	for i, m := range bibMonths {
		out[m] = m
		out[strings.ToLower(english.Time.Months[i])] = m
	}
	return out
}()

// bibNames are the fields that are read. Every other one is for other programs.
var bibNames = strings.Fields(`author editor editora editorb editorc editortype editoratype editorbtype editorctype translator director bookauthor holder
		title subtitle titleaddon maintitle mainsubtitle maintitleaddon booktitle booksubtitle booktitleaddon issuetitle issuesubtitle journal journaltitle journalsubtitle journaltitleaddon
		shortjournal date year month day urldate urlyear urlmonth urlday lastchecked eventdate origdate eventtitle venue volume part number issue pages chapter edition version series doi url eprint eprinttype archiveprefix isbn issn
		langid hyphenation language publisher institution school organization distributor howpublished location address type entrysubtype note addendum crossref xdata ids archive_location archiveurl seen via`)

var bibRead = func() map[string]bool {
	out := map[string]bool{}
	for _, n := range bibNames {
		out[n] = true
	}
	return out
}()

// bibIgnored are fields of other programs that look like a slip in one of ours.
var bibIgnored = strings.Fields(`notes keys file files owner label pagetotal volumes eventdates pubstate shortauthor shorteditor shorttitle sortdate sorttitle origtitle origdate edate xref lists urls eid dates origlanguage authortype
	reprinttitle indextitle issued gender pmid paged options related sortyear sortname bookpagination isan ismn iswc foreword usera userb userc userd usere userf nameaddon authorid editors2 isrn eprintclass primaryclass
	part venues dateadded numpages hal_id lccn coden place titles translated series2 annote seed`)

// bibNotInherited are what an entry does not take from the one that crossref names (BibLaTeX manual, appendix B).
var bibNotInherited = map[string]bool{"ids": true, "crossref": true, "xdata": true, "entrysubtype": true, "seen": true, "via": true, "note": true, "addendum": true, "doi": true, "url": true, "urldate": true}

// field is a field of an entry, with its abbreviations written out; the first of several that has a text.
func (r *bibReader) field(e *bibEntry, names ...string) (*bibField, bool) {
	for _, n := range names {
		if i, ok := e.index[n]; ok {
			f := &e.list[i]
			if f.text == nil {
				f.text = r.expand(f.val)
			}
			if strings.Trim(f.text.raw, " \t\r\n{}") != "" {
				return f, true
			}
		}
	}
	return nil, false
}

// records makes a list of CSL of the entries.
func (r *bibReader) records() value {
	out := value{kind: kList, span: r.span(0, len(r.src))}
	for _, e := range r.entries {
		r.inherit(e, 0)
	}
	for _, e := range r.entries {
		if v, ok := r.record(e); ok {
			out.list = append(out.list, v)
		}
	}
	return out
}

// inherit fills in what an entry takes from others.
func (r *bibReader) inherit(e *bibEntry, depth int) {
	if e.state != 0 || depth > 8 {
		return
	}
	e.state = 1
	for _, name := range []string{"xdata", "crossref"} {
		i, ok := e.index[name]
		if !ok {
			continue
		}
		t := r.expand(e.list[i].val)
		for _, k := range t.cut(",") {
			key := strings.Trim(k.raw, "{} ")
			if key == "" {
				continue
			}
			from := r.byKey[key]
			if from == nil { // BibTeX itself does not look at capitals
				from = r.byKey["@"+strings.ToLower(key)]
			}
			if from == nil || from == e {
				if r.broken == 0 {
					r.add(diag.Warning, k.span, r.nearKey(key), "%s names %q, and no entry of this file is called that", name, key)
				}
				continue
			}
			from.whole = true
			r.inherit(from, depth+1)
			for _, f := range from.list {
				to := f.name
				if !bibRead[to] {
					continue
				}
				if name == "crossref" {
					if bibNotInherited[to] {
						continue
					}
					if to = inherited(from.kind, e.kind, to); to == "booktitle" && f.name != to && from.has(to) {
						continue // the book says what its parts should call it
					}
				}
				if _, has := e.index[to]; !has && to != "" {
					f.name = to
					e.index[to] = len(e.list)
					e.list = append(e.list, f)
				}
			}
		}
	}
	e.state = 2
}

func (r *bibReader) nearKey(key string) string {
	var keys []string
	for _, e := range r.entries[:min(len(r.entries), r.guesses())] {
		keys = append(keys, e.key.Text)
	}
	if near := diag.Suggest(key, keys); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "add that entry to this file, or remove the field"
}

// inherited is the name that a field of one entry has in another that takes it over: the title of a book is the booktitle of
// its chapters.
func inherited(from, to, name string) string {
	part := strings.HasPrefix(to, "in") || to == "bookinbook" || strings.HasPrefix(to, "supp") || to == "conference" || to == "article" || to == "review"
	switch rest, ok := strings.CutPrefix(name, "sub"); {
	case !part && !(strings.HasPrefix(from, "mv") && !strings.HasPrefix(to, "mv")):
		return name
	case name == "title" || name == "titleaddon" || ok && rest == "title":
		prefix := "book"
		switch {
		case from == "periodical":
			prefix = "journal"
		case strings.HasPrefix(from, "mv"):
			prefix = "main"
		}
		return prefix + name
	case name == "author" && to != "inbook" && to != "bookinbook" && to != "suppbook" && part:
		return "bookauthor"
	}
	return name
}

// record makes one record of CSL.
func (r *bibReader) record(e *bibEntry) (value, bool) {
	v := value{kind: kTable, span: r.span(e.kspan.Start, e.key.Span.End)}
	csl, known := bibTypes[e.kind]
	switch {
	case !known:
		csl = "document"
		hint := "use one of the types of BibTeX, such as @article, @book, @online or @misc"
		if near := r.suggest("@"+e.kind, bibTypeNames); near != "" {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		r.add(diag.Warning, e.kspan, hint, "no type of entry is called @%s, so %q is listed as a document", e.kind, e.key.Text)
	case e.kind == "set":
		r.add(diag.Warning, e.kspan, "cite the entries of the set one by one", "%q is a set of entries, which is not read", e.key.Text)
		return v, false
	case csl == "":
		return v, false
	}
	r.slips(e)
	put := func(key string, span, at diag.Span, text string) {
		if text != "" {
			v.keys = append(v.keys, entry{key, span, value{kind: kText, text: text, span: at}})
		}
	}
	// text puts the first of some fields that is there.
	text := func(key string, names ...string) string {
		f, ok := r.field(e, names...)
		if !ok {
			return ""
		}
		s := r.text(f.text)
		put(key, f.span, f.val.span, s)
		return s
	}
	put("id", e.key.Span, e.key.Span, e.key.Text)
	if f, ok := r.field(e, "ids"); ok {
		list := value{kind: kList, span: f.val.span}
		for _, k := range f.text.cut(",") {
			if k.raw != "" {
				list.list = append(list.list, value{kind: kText, text: k.raw, span: k.span})
			}
		}
		v.keys = append(v.keys, entry{"ids", f.span, list})
	}
	r.titles(e, &csl, put)
	r.kindOf(e, &csl, put)
	put("type", e.kspan, e.kspan, csl)
	r.creators(e, &v)
	for _, d := range bibDates {
		r.date(e, d[0], d[1:], &v)
	}
	if text("publisher", "publisher", "institution", "school", "organization", "distributor") == "" {
		if f, ok := r.field(e, "howpublished"); ok && !bibAddressOf(f.text.raw) {
			put("publisher", f.span, f.val.span, r.text(f.text))
		}
	}
	text("publisher-place", "location", "address")
	text("volume", "volume")
	text("page", "pages")
	text("chapter-number", "chapter")
	text("edition", "edition")
	text("version", "version")
	text("collection-title", "series")
	text("event-title", "eventtitle")
	text("event-place", "venue")
	switch e.kind {
	case "article", "periodical", "suppperiodical", "newspaper", "magazine", "review":
		text("issue", "number", "issue")
	default:
		text("number", "number")
		text("issue", "issue")
	}
	r.language(e, put)
	for _, names := range [][]string{{"DOI", "doi"}, {"ISBN", "isbn"}, {"ISSN", "issn"}, {"archive_location", "archive_location", "archiveurl"}} {
		if f, ok := r.field(e, names[1:]...); ok {
			put(names[0], f.span, f.val.span, plainTeX(f.text.raw))
		}
	}
	r.address(e, put)
	if f, ok := r.field(e, "note"); ok {
		put("note", f.span, f.val.span, r.tex2(f.text, true))
	}
	r.own(e, &v)
	if e.whole {
		v.keys = append(v.keys, entry{"whole", e.kspan, value{kind: kBool, text: "true", span: e.kspan}})
	}
	slices.SortStableFunc(v.keys, func(a, b entry) int { return a.val.span.Start - b.val.span.Start }) // as they stand
	return v, true
}

// slips reports fields whose name is nearly one that is read.
func (r *bibReader) slips(e *bibEntry) {
	for _, f := range e.list {
		if bibRead[f.name] || slices.Contains(bibIgnored, f.name) || len(f.name) < 4 || len(f.name) > 20 || strings.ContainsAny(f.name, "0123456789_-+:") {
			continue
		}
		most := 1
		if len(f.name) > 5 {
			most = 2
		}
		if near := r.suggest(f.name, bibNames); near != "" && diag.Near(f.name, near, most) {
			if _, has := e.index[near]; !has {
				r.out = append(r.out, diag.Finding{Severity: diag.Warning, Code: "unknown-key", Span: f.span, Message: fmt.Sprintf("BibTeX has no field %q, so it is not read", f.name), Hint: fmt.Sprintf("did you mean %q?", near)})
			}
		}
	}
}

type bibPut func(key string, span, at diag.Span, text string)

// titles reads the title of an entry and of what it is part of.
func (r *bibReader) titles(e *bibEntry, csl *string, put bibPut) {
	// whole is title: subtitle. addition, and the field that starts it.
	whole := func(names ...string) (string, *bibField) {
		out := ""
		var first *bibField
		for i, n := range names {
			f, ok := r.field(e, strings.Fields(n)...)
			if !ok {
				continue
			}
			s := r.text(f.text)
			if out == "" {
				out, first = s, f
				continue
			}
			sep := ": "
			if i > 1 {
				sep = ". "
			}
			if strings.ContainsAny(out[len(out)-1:], ".:?!") {
				sep = " "
			}
			out += sep + s
		}
		return out, first
	}
	give := func(key string, s string, f *bibField) bool {
		if f != nil {
			put(key, f.span, f.val.span, s)
		}
		return f != nil
	}
	title, tf := whole("title", "subtitle", "titleaddon")
	main, mf := whole("maintitle", "mainsubtitle", "maintitleaddon")
	book, bf := whole("booktitle", "booksubtitle", "booktitleaddon")
	journal, jf := whole("journaltitle journal shortjournal", "journalsubtitle", "journaltitleaddon")
	join := func(a, b string) string { return strings.TrimRight(a, ".") + ". " + b }
	switch {
	case e.kind == "periodical":
		if issue, f := whole("issuetitle", "issuesubtitle"); f != nil {
			give("title", issue, f)
			give("container-title", title, tf)
			return
		}
	case strings.HasPrefix(e.kind, "in") || e.kind == "bookinbook" || strings.HasPrefix(e.kind, "supp") || e.kind == "conference":
		if mf != nil && bf != nil && main != book {
			book = join(main, book)
		} else if bf == nil {
			book, bf = main, mf
		}
		if bf == nil && e.kind == "inbook" {
			*csl = "book" // BibTeX: a part of the book that has the title
		}
		if !give("container-title", book, bf) {
			give("container-title", journal, jf)
		}
	default:
		if mf != nil && tf != nil {
			title = join(main, title)
		} else if tf == nil {
			title, tf = main, mf
		}
		if !give("container-title", journal, jf) && bf != nil {
			if tf == nil {
				title, tf = book, bf // proceedings of BibTeX
			} else if title != book && !e.whole && e.kind == "book" && give("container-title", book, bf) {
				*csl = "chapter"
			}
		}
	}
	give("title", title, tf)
}

// kindOf finds the type of CSL and the genre.
func (r *bibReader) kindOf(e *bibEntry, csl *string, put bibPut) {
	word := func(name string) (string, *bibField) {
		if f, ok := r.field(e, name); ok {
			return r.text(f.text), f
		}
		return "", nil
	}
	sub, _ := word("entrysubtype")
	if t := bibSubtypes[strings.ToLower(sub)]; t != "" {
		*csl = t
	}
	genre, gf := word("type")
	if t := bibSubtypes[strings.ToLower(genre)]; t != "" && (e.kind == "misc" || e.kind == "online" || e.kind == "unpublished" || e.kind == "article") {
		*csl = t
	}
	_, address := r.field(e, "url")
	if f, ok := r.field(e, "howpublished"); ok && bibAddressOf(f.text.raw) {
		address = true
	}
	_, journal := r.field(e, "journaltitle", "journal", "shortjournal")
	switch {
	case *csl == "document" && e.kind == "misc" && address:
		*csl = "webpage"
	case *csl == "article-journal" && e.kind == "article" && !journal:
		*csl = "article"
	case e.kind == "unpublished":
		if _, talk := r.field(e, "eventtitle", "venue", "eventdate"); talk && *csl == "manuscript" {
			*csl = "speech"
		}
	}
	switch {
	case gf != nil:
		if g := bibGenres[strings.ToLower(genre)]; g != "" {
			genre = g
		}
		put("genre", gf.span, gf.val.span, genre)
	case e.kind == "mastersthesis" || e.kind == "phdthesis" || e.kind == "bathesis":
		put("genre", e.kspan, e.kspan, bibGenres[e.kind])
	}
}

// bibRoles are what editortype and its relatives say.
var bibRoles = map[string]string{"": "editor", "editor": "editor", "compiler": "compiler", "director": "director", "organizer": "organizer", "producer": "producer", "executiveproducer": "executive-producer", "composer": "composer",
	"performer": "performer", "scriptwriter": "script-writer", "translator": "translator", "founder": "editor", "continuator": "editor", "redactor": "editor", "reviser": "editor", "collaborator": "contributor", "guest": "guest", "host": "host",
	"none": "contributor", "seriescreator": "series-creator", "interviewer": "interviewer", "reviewedauthor": "reviewed-author", "recipient": "recipient", "scriptwriters": "script-writer", "illustrator": "illustrator"}

// creators reads the fields of names.
func (r *bibReader) creators(e *bibEntry, v *value) {
	for _, c := range [][2]string{{"author", "author"}, {"editor", "editor"}, {"editora", "contributor"}, {"editorb", "contributor"}, {"editorc", "contributor"}, {"translator", "translator"}, {"director", "director"}, {"bookauthor", "container-author"}, {"holder", "contributor"}} {
		f, ok := r.field(e, c[0])
		if !ok {
			continue
		}
		role := c[1]
		if t, ok := r.field(e, c[0]+"type"); ok && c[0] != "author" {
			kind := strings.ToLower(strings.TrimSpace(t.text.raw))
			if role = bibRoles[kind]; role == "" {
				role = "contributor"
			}
		}
		p := r.people(f.text)
		if len(p.list) == 0 {
			continue
		}
		if i := v.find(role); i >= 0 {
			v.keys[i].val.list = append(v.keys[i].val.list, p.list...)
			continue
		}
		v.keys = append(v.keys, entry{role, f.span, p})
	}
}

// bibDates are the dates of CSL, each with the fields that give it: the whole, its parts, and one of other programs.
var bibDates = [][]string{{"issued", "date", "year", "month", "day"}, {"accessed", "urldate", "urlyear", "urlmonth", "urlday", "lastchecked"}, {"event-date", "eventdate"}, {"original-date", "origdate"}}

// date reads a date, of one field or of its parts.
func (r *bibReader) date(e *bibEntry, key string, names []string, v *value) {
	get := func(n int) (string, *bibField) {
		if n < len(names) {
			if f, ok := r.field(e, names[n]); ok {
				return bibTag.ReplaceAllString(r.text(f.text), ""), f
			}
		}
		return "", nil
	}
	s, f := get(0)
	if f == nil {
		var year, month, day string
		var mf *bibField
		year, f = get(1)
		month, mf = get(2)
		day, _ = get(3)
		if f == nil {
			f = mf
		}
		s = oldDate(strings.TrimSpace(year), month, strings.TrimSpace(day))
		if f == nil {
			if s, f = get(4); f == nil {
				return
			}
		}
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\u00A0", "~"), "−", "-") // ~ is about, in EDTF
	if strings.ContainsAny(s, "~") && strings.ContainsFunc(s, func(c rune) bool { return c >= 'a' && c <= 'z' }) {
		s = strings.ReplaceAll(s, "~", " ")
	}
	if m := oldYear.FindStringSubmatch(s); m != nil {
		s = fmt.Sprintf("-%04s", m[1])
	}
	s = strings.NewReplacer("?~", "%", "~?", "%").Replace(s)
	d := value{kind: kText, text: s, span: f.val.span}
	if notYet.MatchString(s) {
		d = value{kind: kTable, span: f.val.span, keys: []entry{{"literal", f.span, d}}}
	}
	v.keys = append(v.keys, entry{key, f.span, d})
}

// bibLanguages are the names of languages that BibLaTeX has, from babel and polyglossia, as BCP 47 tags.
var bibLanguages = func() map[string]string {
	out := map[string]string{}
	f := strings.Fields(`english en american en-US usenglish en-US british en-GB ukenglish en-GB australian en-AU canadian en-CA newzealand en-NZ german de ngerman de austrian de-AT naustrian de-AT swissgerman de-CH nswissgerman de-CH
		french fr francais fr frenchb fr acadian fr-CA canadien fr-CA italian it spanish es spanishmx es-MX mexican es-MX catalan ca galician gl basque eu portuguese pt portuges pt brazilian pt-BR brazil pt-BR romanian ro latin la
		dutch nl afrikaans af danish da swedish sv norwegian no norsk nb nynorsk nn icelandic is finnish fi estonian et latvian lv lithuanian lt polish pl czech cs slovak sk slovene sl slovenian sl croatian hr serbian sr serbianc sr-Cyrl bosnian bs macedonian mk
		bulgarian bg russian ru ukrainian uk belarusian be hungarian hu magyar hu greek el polutonikogreek el turkish tr albanian sq armenian hy georgian ka hebrew he arabic ar persian fa farsi fa urdu ur hindi hi bengali bn tamil ta
		japanese ja korean ko chinese zh pinyin zh vietnamese vi thai th indonesian id bahasa id malay ms bahasam ms welsh cy irish ga scottish gd breton br esperanto eo uppersorbian hsb lowersorbian dsb kurmanji ku`)
	for i := 0; i+1 < len(f); i += 2 {
		out[f[i]] = f[i+1]
	}
	return out
}()

// language puts the language of a source, unless there are several.
func (r *bibReader) language(e *bibEntry, put bibPut) {
	f, ok := r.field(e, "langid", "hyphenation", "language")
	if !ok {
		return
	}
	s := r.plain(f.text)
	if tag := bibLanguages[strings.TrimPrefix(strings.ToLower(s), "lang")]; tag != "" {
		s = tag
	} else if tag := bibLanguages[strings.ToLower(s)]; tag != "" {
		s = tag
	}
	if len(f.text.cut(" and ")) == 1 {
		put("language", f.span, f.val.span, s)
	}
}

// bibAddressOf says whether a text is an address and nothing else.
func bibAddressOf(raw string) bool {
	s := plainTeX(raw)
	return !strings.ContainsAny(s, " \t") && (schemeOf(s) == "http" || schemeOf(s) == "https")
}

// bibArchives are where the numbers of eprint lead.
var bibArchives = map[string]string{"arxiv": "https://arxiv.org/abs/", "jstor": "https://www.jstor.org/stable/", "pubmed": "https://pubmed.ncbi.nlm.nih.gov/", "pmid": "https://pubmed.ncbi.nlm.nih.gov/", "hdl": "https://hdl.handle.net/", "googlebooks": "https://books.google.com/books?id="}

// address puts the web address: url, an address in howpublished or note, or that of an archive.
func (r *bibReader) address(e *bibEntry, put bibPut) {
	for _, n := range []string{"url", "howpublished", "note"} {
		if f, ok := r.field(e, n); ok && (n == "url" || bibAddressOf(f.text.raw)) {
			put("URL", f.span, f.val.span, plainTeX(f.text.raw))
			return
		}
	}
	if _, doi := r.field(e, "doi"); doi {
		return
	}
	f, ok := r.field(e, "eprint")
	if !ok {
		return
	}
	id := plainTeX(f.text.raw)
	if bibAddressOf(f.text.raw) {
		put("URL", f.span, f.val.span, id)
		return
	}
	if t, ok := r.field(e, "eprinttype", "archiveprefix"); ok {
		kind := strings.ToLower(plainTeX(t.text.raw))
		id = strings.TrimPrefix(strings.TrimPrefix(id, kind+":"), "arXiv:")
		if base := bibArchives[kind]; base != "" && !strings.ContainsAny(id, " <>\"") {
			put("URL", f.span, f.val.span, base+id)
		}
	}
}

// own reads what gloss adds: seen, via, and addendum as the remark for readers.
func (r *bibReader) own(e *bibEntry, v *value) {
	c := value{kind: kTable}
	add := func(name string, f *bibField, val value) {
		if len(c.keys) == 0 {
			c.span = f.val.span
		}
		c.keys = append(c.keys, entry{name, f.span, val})
	}
	if f, ok := r.field(e, "seen"); ok {
		add("seen", f, value{kind: kText, text: plainTeX(f.text.raw), span: f.val.span})
	}
	if f, ok := r.field(e, "via"); ok {
		list := value{kind: kList, span: f.val.span}
		for _, k := range f.text.cut(",") {
			if k.raw != "" {
				list.list = append(list.list, value{kind: kText, text: k.raw, span: k.span})
			}
		}
		add("via", f, list)
	}
	if f, ok := r.field(e, "addendum"); ok {
		add("note", f, value{kind: kText, text: bibTag.ReplaceAllString(r.text(f.text), ""), span: f.val.span})
	}
	if len(c.keys) > 0 {
		v.keys = append(v.keys, entry{"custom", c.keys[0].span, c})
	}
}

func (e *bibEntry) has(name string) bool {
	_, ok := e.index[name]
	return ok
}
