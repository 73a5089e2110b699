package diag

import (
	"fmt"
	"runtime"
	"strings"
)

// Fault is a panic that was caught, with the calls that led to it. It is an error, so that a program which panics with
// one again prints them.
type Fault struct {
	Value any
	Calls string // "function\n\tfile:line\n" for each call, the innermost first
}

func (f *Fault) Error() string { return fmt.Sprintf("%v\n\n%s", f.Value, f.Calls) }

// Catch calls f and returns what it panicked with, or nil. A Fault that f panics with is returned as it is, so that the
// calls are those of the first panic.
func Catch(f func()) (fault *Fault) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case *Fault:
			fault = p
		default:
			fault = &Fault{p, calls()}
		}
	}()
	f()
	return nil
}

// calls lists the calls between a panic and Catch. Neither goroutines nor addresses are in it, so that it is the same in
// every run.
func calls() string {
	pcs := make([]uintptr, 200)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	var b strings.Builder
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, "/diag.Catch") {
			break
		}
		if !strings.HasPrefix(f.Function, "runtime.") { // of the panic itself
			fmt.Fprintf(&b, "%s\n\t%s:%d\n", f.Function, f.File, f.Line)
		}
		if !more {
			break
		}
	}
	return b.String()
}

// InternalError is the code of a fault in the program itself.
const InternalError = "internal-error"

// mostFault is how much of what a panic says goes into a message, in runes.
const mostFault = 200

// Try calls f and returns the finding of its panic, or nil. file is what f works on, and doing says what it does, as in
// "reading this file".
func Try(file, doing string, f func()) *Finding {
	fault := Catch(f)
	if fault == nil {
		return nil
	}
	what := []rune(strings.Join(strings.Fields(fmt.Sprint(fault.Value)), " "))
	if len(what) > mostFault {
		what = append(what[:mostFault], '…')
	}
	return &Finding{Severity: Error, Code: InternalError, Span: Span{File: file}, Message: fmt.Sprintf("gloss failed while %s: %s", doing, string(what)), Calls: fault.Calls,
		Hint: "this is a fault of gloss, not of your text: run the command again with --debug, and send what it prints with this file to whoever maintains gloss; until it is mended, undo your last change here"}
}

// Failed says whether the program itself failed.
func Failed(fs []Finding) bool {
	for _, f := range fs {
		if f.Code == InternalError {
			return true
		}
	}
	return false
}
