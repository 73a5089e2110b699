package content

import (
	"fmt"
	"strings"
	"testing"
)

// TestCSVAsSpreadsheetsWriteIt reads tables in the forms that spreadsheets save. want lists the cells, with what the file
// holds at each cell's place behind =.
func TestCSVAsSpreadsheetsWriteIt(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"commas", "a,b\n1,2\n", "1=1 2=2"},
		{"semicolons, decimal commas", "a;b\n2024-01;58,5\n", "2024-01=2024-01 58,5=58,5"},
		{"tabs", "a\tb\n1\t2,5\n", "1=1 2,5=2,5"},
		{"a line that names the separator", "sep=;\r\na;b\r\n1;2\r\n", "1=1 2=2"},
		{"a quoted line that names it", "\"sep=;\"\na;b\n1;2\n", "1=1 2=2"},
		{"a separator that the header holds in a text", "\"place, city\";n\nx;1\n", "x=x 1=1"},
		{"a byte order mark", "\xEF\xBB\xBFa;b\né;2\n", "é=é 2=2"},
		{"a last row of separators", "a;b;c\n1;2;3\n;;\n", "1=1 2=2 3=3"},
		{"empty rows between", "a,b\n\n , \n1,2\n", "1=1 2=2"},
		{"empty columns behind", "a,b,,\n1,2,,\n3,4\n", "1=1 2=2 3=3 4=4"},
		{"line ends of an old Mac", "a;b\r1;2\r3;4\r", "1=1 2=2 3=3 4=4"},
		{"a line end in a cell", "a;b\n\"x\ny\";2\n", "\"x\ny\"=\"x\ny\" 2=2"},
		{"one column", "a\n1\n2\n", "1=1 2=2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := ParseData(DataInput{File: File{Name: "content/data/t.csv", Text: []byte(c.text)}})
			for _, f := range p.Findings {
				t.Errorf("finding: %s", f.Message)
			}
			var got []string
			for _, row := range p.Data.Table.Rows {
				for i, cell := range row.Cells {
					at := c.text[row.Spans[i].Start:row.Spans[i].End]
					if strings.HasPrefix(at, `"`) {
						cell = `"` + cell + `"`
					}
					got = append(got, cell+"="+at)
				}
			}
			if g := strings.Join(got, " "); g != c.want {
				t.Errorf("got  %q\nwant %q", g, c.want)
			}
		})
	}
}

// TestCSVSlips breaks tables as people do. Each is one finding, at the bytes in want, with a part of its message.
func TestCSVSlips(t *testing.T) {
	for _, c := range []struct{ name, text, at, message string }{
		{"a quotation mark that is not closed", "a,b\n1,\"two\n3,4\n5,6\n", `"two`, "opens here is not closed"},
		{"one that is not closed in the first field", "a,b\n\"one,2\n3,4\n", `"one,2`, "opens here is not closed"},
		{"a quotation mark inside a field", "a,b\n1,the 5\" gun\n", `" gun`, "inside a field"},
		{"text behind a quotation mark", "a,b\n1,\"two\" three\n", `"two" three`, "follows the quotation mark"},
		{"a comma in a text", "a,b\n1,two, three\n", "1,two, three", "3 fields, the header has 2"},
		{"too few fields", "a;b;c\n1;2\n", "1;2", "2 fields, the header has 3"},
		{"Windows-1252", "a,b\nM\xfcnchen,1\n", "\xfc", "not UTF-8"},
		{"UTF-16", "\xFF\xFEa\x00,\x00b\x00\n\x00", "", "UTF-16"},
		{"an odd separator", "sep=x\naxb\n", "sep=x", "cannot separate"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := ParseData(DataInput{File: File{Name: "content/data/t.csv", Text: []byte(c.text)}})
			if len(p.Findings) != 1 {
				t.Fatalf("got %d findings, want 1: %v", len(p.Findings), p.Findings)
			}
			f := p.Findings[0]
			if at := c.text[f.Span.Start:f.Span.End]; at != c.at || !strings.Contains(f.Message, c.message) {
				t.Errorf("got %q at %q, want %q at %q", f.Message, at, c.message, c.at)
			}
		})
	}
}

// TestReadNumber reads the forms of numbers with the point and with the comma as decimal mark; - is no number.
func TestReadNumber(t *testing.T) {
	for _, c := range []struct{ text, point, comma string }{
		{"58", "58", "58"},
		{"58.5", "58.5", "-"},
		{"58,5", "-", "58.5"},
		{"1,23", "-", "1.23"},
		{",5", "-", "0.5"},
		{".5", "0.5", "-"},
		{"-.5", "-0.5", "-"},
		{"12,400", "12400", "12.400"},
		{"12.400", "12.400", "12400"},
		{"0,125", "-", "0.125"},
		{"0.125", "0.125", "-"},
		{"1,234.5", "1234.5", "-"},
		{"1.234,5", "-", "1234.5"},
		{"12,34,567", "-", "-"},
		{"1,2345", "-", "1.2345"},
		{"1234,567", "-", "1234.567"},
		{"1.234.567", "-", "1234567"},
		{"12 400", "12400", "12400"},
		{"12\u00a0400,5", "-", "12400.5"},
		{"12\u202f400.5", "12400.5", "-"},
		{"1'234'567", "1234567", "1234567"},
		{"12 40", "-", "-"},
		{"−5", "-5", "-5"},
		{"+5", "5", "5"},
		{"١٢٫٥", "12.5", "-"},
		{"1.2E+05", "120000", "-"},
		{"1,2E+05", "-", "120000"},
		{"1e400", "-", "-"},
		{"58.5%", "-", "-"},
		{"$12", "-", "-"},
		{"(12)", "-", "-"},
		{"5-", "-", "-"},
		{"0x1F", "-", "-"},
		{"NaN", "-", "-"},
		{"1_000", "-", "-"},
		{"n/a", "-", "-"},
		{"", "-", "-"},
	} {
		for _, d := range []struct {
			mark byte
			want string
		}{{'.', c.point}, {',', c.comma}} {
			_, got, ok := ReadNumber(c.text, d.mark)
			if !ok {
				got = "-"
			}
			if got != d.want {
				t.Errorf("ReadNumber(%q, %q) = %q, want %q", c.text, d.mark, got, d.want)
			}
			if again, _, ok2 := ReadNumber(got, '.'); ok && (!ok2 || fmt.Sprint(again) == "") {
				t.Errorf("%q is read as %q, which is no number", c.text, got)
			}
		}
	}
}

func TestDecimalMark(t *testing.T) {
	for _, c := range []struct {
		sep   byte
		cells string
		want  byte
	}{
		{',', "58,5 60", '.'},
		{';', "58,5 60 1.234", ','},
		{';', "58.5 60", '.'},
		{';', "60 70", '.'},
		{';', "1.234 60", 0},
		{';', "1.234.567 1.234", ','},
		{'\t', "12,400 3", 0},
		{'\t', "12,400 3.5", '.'},
		{';', "58,5 60.25", 0},
	} {
		if got := DecimalMark(c.sep, strings.Fields(c.cells)); got != c.want {
			t.Errorf("DecimalMark(%q, %s) = %q, want %q", c.sep, c.cells, got, c.want)
		}
	}
}

// TestNumberHint holds the hints, and that a hint can be followed: what it says to write is a number.
func TestNumberHint(t *testing.T) {
	for _, c := range []struct {
		text string
		mark byte
		want string
	}{
		{"58,5", '.', `write 58.5; or, if the whole table has such numbers, say decimal = "," in the chart`},
		{",5", '.', `write 0.5; or, if the whole table has such numbers, say decimal = "," in the chart`},
		{"12,34,567", '.', "write 1234567"},
		{"58.5%", '.', "write 58.5 here, and the rest in unit or in a column for notes"},
		{"$12", '.', "write 12 here, and the rest in unit or in a column for notes"},
		{"about 1,200", '.', "write 1200 here, and the rest in unit or in a column for notes"},
		{"(12)", '.', "write -12"},
		{"5-", '.', "write -5"},
		{"10-20", '.', "write digits only, or leave the field empty for a gap"},
		{"n/a", '.', "write digits only, or leave the field empty for a gap"},
	} {
		if got := NumberHint(c.text, c.mark); got != c.want {
			t.Errorf("NumberHint(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestDateHint(t *testing.T) {
	for _, c := range []struct {
		text, want string
		likely     bool
	}{
		{"2020-1", "write 2020-01", true},
		{"2020-1-5", "write 2020-01-05", true},
		{"2020/01/05", "write 2020-01-05", true},
		{"20200105", "write 2020-01-05", true},
		{"02.02.2024", "write 2024-02-02", true},
		{"1. 3. 2024", "write 2024-03-01", true},
		{"1/3/2018", "write 2018-01-03 or 2018-03-01, whichever day is meant", true},
		{"13/3/2018", "write 2018-03-13", true},
		{"3/13/2018", "write 2018-03-13", true},
		{"5/5/2018", "write 2018-05-05", true},
		{"3/2018", "write 2018-03", true},
		{"Jan 2024", "write 2024-01", true},
		{"5 January 2024", "write 2024-01-05", true},
		{"January 5, 2024", "write 2024-01-05", true},
		{"2024-02-30", dateForms, true},
		{"43831", "write 2020-01-01, if this is the number that a spreadsheet keeps for a day; there, choose the format YYYY-MM-DD before you save", false},
		{"soon", dateForms, false},
		{"12", dateForms, false},
	} {
		if got, likely := DateHint(c.text, english); got != c.want || likely != c.likely {
			t.Errorf("DateHint(%q) = %q, %v, want %q, %v", c.text, got, likely, c.want, c.likely)
		}
	}
}
