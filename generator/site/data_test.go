package site

import "testing"

// TestCSVRunsNothing: no text in a table for download starts as a formula of a spreadsheet (OWASP, "CSV Injection").
func TestCSVRunsNothing(t *testing.T) {
	for text, want := range map[string]string{
		"=SUM(A1)": "'=SUM(A1)", "+1+cmd": "'+1+cmd", "-x": "'-x", "@x": "'@x", "\tx": "'\tx", "\rx": "\"'\rx\"", "\nx": "\"'\nx\"",
		"＝1": "'＝1", "＋x": "'＋x", "－x": "'－x", "＠x": "'＠x",
		"-5": "-5", "+1": "+1", "−5": "−5", "x=1": "x=1", "a@b": "a@b", "": "",
	} {
		if got := string(csvFile([][]string{{text, "y"}})); got != want+",y\n" {
			t.Errorf("%q: got %q, want %q", text, got, want+",y\n")
		}
	}
}
