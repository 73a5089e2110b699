package content

import (
	"strings"
	"sync"

	"gloss/generator/diag"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// Person is a name of CSL: in parts, or whole where Literal is set.
type Person struct {
	Family, Given, Literal string
	Particle               string // stays with the family name: van in van Beethoven
	Dropping               string // belongs to the given name: de in Alfred de Musset
	Suffix                 string // Jr.
}

// Name is the name in its usual order.
func (p Person) Name() string {
	if p.Literal != "" {
		return p.Literal
	}
	name := p.Given + " " + p.Dropping
	if p.Family != "" {
		name += " " + p.Surname()
	}
	name = strings.Join(strings.Fields(name), " ")
	if p.Suffix != "" {
		name += " " + p.Suffix
	}
	return name
}

// Others says whether the name stands for people who are not named: "and others", in BibTeX.
func (p Person) Others() bool { return p.Literal == andOthers }

const andOthers = "et al."

// Surname is the name by which a person is called in a line.
func (p Person) Surname() string {
	switch {
	case p.Literal != "":
		return p.Literal
	case p.Family == "":
		return p.Given
	case strings.HasSuffix(p.Particle, "’"), strings.HasSuffix(p.Particle, "'"): // d’Alembert
		return p.Particle + p.Family
	}
	return strings.TrimSpace(p.Particle + " " + p.Family)
}

// creators are the fields of CSL that name people, in the order in which they stand where the author would.
var creators = strings.Fields(`author editor editor-translator collection-editor editorial-director director translator compiler curator
	container-author composer performer executive-producer producer series-creator script-writer host narrator organizer chair illustrator
	original-author reviewed-author interviewer guest contributor recipient`)

var personKeys = strings.Fields("family given literal non-dropping-particle dropping-particle suffix comma-suffix static-ordering parse-names isInstitution multi affiliation sequence ORCID authenticated-orcid role name id suffix-comma")

// people reads the names of one field: a list, or one name alone.
func (r *records) people(f *fields, key string) []Person {
	v, ok := f.get(key)
	if !ok {
		return nil
	}
	list := v.list
	if v.kind != kList {
		list = []value{v}
	}
	var out []Person
	for _, a := range list {
		if a.kind != kTable {
			for _, s := range splitNames(a.text) {
				out = append(out, readName(s))
			}
			if a.kind == kList {
				f.wrong(key, a, "a name, or a list of names")
			}
			continue
		}
		var p Person
		name := ""
		for _, e := range a.keys {
			to := map[string]*string{"family": &p.Family, "given": &p.Given, "literal": &p.Literal, "name": &name, "non-dropping-particle": &p.Particle, "dropping-particle": &p.Dropping, "suffix": &p.Suffix}[e.key]
			near := diag.Suggest(e.key, personKeys)
			switch {
			case to != nil:
				*to = readRich(e.val.text, false).Text
			case near == e.key:
			case near != "":
				r.warn("unknown-key", e.span, `did you mean "`+near+`"?`, "a name has no key %q", e.key)
			default:
				r.unknown(e, "a name", "its fields are family, given and literal")
			}
		}
		if p == (Person{}) {
			p.Literal = name
		}
		if p != (Person{}) {
			out = append(out, p)
		}
	}
	return out
}

// splitNames cuts "Doe, Jane; Roe, Richard" and "Doe, Jane and Roe, Richard" into names.
func splitNames(s string) []string {
	parts := strings.Split(s, ";")
	if len(parts) == 1 && strings.Count(s, ",") > 1 {
		parts = strings.Split(s, " and ")
	}
	var out []string
	for _, p := range parts {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// readName reads a name in one text: "Doe, Jane" has its parts, any other is taken whole.
func readName(s string) Person {
	family, given, ok := strings.Cut(s, ",")
	family, given = strings.TrimSpace(family), strings.TrimSpace(given)
	if !ok || family == "" || given == "" || strings.Contains(given, ",") || len(strings.Fields(family)) > 3 || len(strings.Fields(given)) > 3 {
		return Person{Literal: strings.TrimSpace(s)}
	}
	return Person{Family: family, Given: given}
}

// languageNames are tags of languages by their names in English and in themselves, and by those that BibLaTeX has.
var languageNames = sync.OnceValue(func() map[string]string {
	out := map[string]string{"american": "en-US", "usenglish": "en-US", "british": "en-GB", "ukenglish": "en-GB", "ngerman": "de", "austrian": "de-AT", "naustrian": "de-AT",
		"francais": "fr", "brazilian": "pt-BR", "farsi": "fa", "mandarin": "zh", "castilian": "es"}
	english := display.English.Languages()
	for _, t := range display.Supported.Tags() {
		b, _ := t.Base()
		for _, name := range []string{english.Name(b), display.Self.Name(language.Make(b.String()))} {
			if name = strings.ToLower(name); name != "" && out[name] == "" {
				out[name] = b.String()
			}
		}
	}
	return out
})

// languageTag is the BCP 47 tag of what a record says of its language: a tag in some form, or a name. "" for any other.
func languageTag(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	if tag := languageNames()[strings.ToLower(s)]; tag != "" {
		return tag
	}
	if name, _, ok := strings.Cut(s, " ("); ok && languageNames()[strings.ToLower(name)] != "" { // English (US)
		return languageNames()[strings.ToLower(name)]
	}
	t, err := language.Parse(s)
	if b, sure := t.Base(); err != nil || sure < language.High || b.String() == "und" || b.String() == "mul" || b.String() == "zxx" {
		return ""
	}
	return t.String()
}
