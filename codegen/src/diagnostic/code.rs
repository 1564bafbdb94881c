//! The rules a spec can break, each with a code that never changes its meaning.
//!
//! Letters: F files, Y YAML itself, S structure (keys and shapes), X expressions, N names, T types of expressions, D driven
//! values, L layout, V versions, C cases and values, M state, P places and what is read aside, E examples.

/// Declares the codes: name, code, title, explanation.
macro_rules! codes {
    ($($name:ident = $code:literal, $title:literal, $explain:literal;)*) => {
        /// A rule that a spec can break.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $code, "`: ", $title, ". ", $explain)] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as people see it, such as `Y006`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// What is wrong, in a few words.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }

            /// What is wrong and what to do about it.
            #[must_use]
            pub fn explain(self) -> &'static str {
                match self { $(Self::$name => $explain,)* }
            }

            /// A spec that breaks the rule and one that does not, as the difference between them. [`crate::catalogue`] reads it.
            #[must_use]
            pub fn example(self) -> &'static str {
                match self { $(Self::$name => include_str!(concat!("examples/", $code, ".diff")),)* }
            }
        }
    };
}

codes! {
    MissingFile = "F001", "file not found",
        "A spec, or a file that a spec uses, does not exist. Paths under `use` are relative to the file they stand in.";
    OutsideFolder = "F002", "file outside of the folder of specs",
        "A used file must lie in the folder of specs or below, links and `..` included. Move it there.";
    FileTooLarge = "F003", "file over 4 MiB",
        "Specs are written by hand and far smaller. Split the spec into several files with `use`.";
    NotUtf8 = "F004", "file is not UTF-8",
        "Specs are UTF-8 text. Save the file in that encoding.";
    Unreadable = "F005", "file cannot be read",
        "The system refuses to read the file, or it is no plain file. Look at its permissions.";
    TooManyFiles = "F006", "over 1,000 files",
        "One run reads at most 1,000 files. Merge some of them.";

    NotYaml = "Y001", "not valid YAML",
        "The file is not YAML 1.2 at this place. Values with `: `, ` #`, or a first character such as `[`, `{`, `*`, `&` or `!` need quotes.";
    TabIndent = "Y002", "tab in the indentation",
        "YAML is indented with spaces only. Replace the tab.";
    Alias = "Y003", "alias",
        "A spec says everything in place, so `*name` is not allowed. Write the value out, or give it a type of its own.";
    SecondDocument = "Y004", "second document",
        "A spec file holds one YAML document. Move the rest into a file of its own and `use` it.";
    Tag = "Y005", "tag",
        "A value is what its key expects, so tags such as `!!str` have no meaning. Remove the tag.";
    DuplicateKey = "Y006", "duplicate key",
        "A mapping has the same key twice, and only one could count. Remove or rename one of them.";
    KeyNotText = "Y007", "key is not plain text",
        "The key of a mapping is a list or a mapping. Keys are single words or texts; a value with `{` or `[` first needs quotes.";
    EmptyFile = "Y008", "nothing in the file",
        "The file has no content. A spec starts with `spec: 1`.";
    TooDeep = "Y009", "nested too deeply",
        "Lists and mappings nest at most 32 levels. Move the inner parts into types of their own.";
    TooManyNodes = "Y010", "too many values",
        "A file holds at most 200,000 values. Split it into several files with `use`.";
    ControlCharacter = "Y011", "control character",
        "Control characters are not allowed in a file. In double quotes they can be written as escapes such as `\\0`.";
    HiddenCharacter = "Y012", "invisible character",
        "Characters that show nothing or turn text around can make a spec look like another one. Remove the character, or write it as an escape in double quotes.";
    Anchor = "Y013", "anchor",
        "Anchors (`&name`) serve aliases, which are not allowed. Remove the anchor.";
    MergeKey = "Y014", "merge key",
        "`<<` belongs to YAML 1.1 and is not part of the language. Write the keys out.";
    Directive = "Y015", "directive",
        "Lines such as `%YAML` are not needed and not allowed. Remove the line.";

    WrongShape = "S101", "wrong shape",
        "A key has a value of a shape it does not take: a list, a mapping or a single value was expected instead.";
    UnknownWord = "S102", "unknown word",
        "The key takes one of a few words, and this is none of them.";
    MissingKey = "S103", "missing key",
        "A key that must be given is not there. Add it.";
    BadInteger = "S104", "not an integer",
        "A whole number is expected here, decimal or with `0x` in front, below 2 to the power of 64.";
    UnknownKey = "S105", "unknown key",
        "The key does not exist at this place. Keys that start with `x-` are ignored at the top level only.";
    FieldShape = "S106", "a field is not one name and one value",
        "Each entry of `fields` is `name: type` or `name: {options}`. Options on lines of their own are indented further than the name.";
    SeveralContents = "S107", "more than one content",
        "A field, or a case, is exactly one of `type`, `magic`, `fields`, `switch`, `let`, `extern` and `journal`. Split it into two fields.";
    NoContent = "S108", "no content",
        "A field, or a case, needs one of `type`, `magic`, `fields`, `switch`, `let`, `extern` and `journal`.";
    NeedsKey = "S109", "key without the key it belongs to",
        "The key only has a meaning beside another one, such as `cases` beside `switch`. Add that key, or remove this one.";
    DoesNotFit = "S110", "key does not fit",
        "The key has no meaning beside the content of this field. Remove it, or move the part it is about to a field of its own.";
    EmptyFields = "S111", "no fields",
        "A type without fields has no bytes. Remove it, or write `[]` for a case without fields.";
    SpecVersion = "S112", "unknown version of the language",
        "`spec: 1` is the only version of the language there is.";
    BadName = "S113", "not a name",
        "Names are lower case letters, digits and `_`, and start with a letter. A field may be called `_`.";
    ReservedName = "S114", "reserved name",
        "The name is a word of the language, or of Rust where it cannot be escaped. Choose another one.";
    BadMagic = "S115", "character over U+00FF",
        "Each character of `magic` is one byte, so only U+0000 to U+00FF can be written. Write the bytes as escapes such as `\"\\xff\"`.";
    BadHex = "S116", "not pairs of hex digits",
        "`hex` takes pairs of the digits 0-9 and a-f; white space between them is ignored.";
    OneOf = "S117", "not exactly one of two keys",
        "Of two keys exactly one is to be given: `hex` or `sample`, and `value` or `error`.";
    BadTarget = "S118", "not `type.field`",
        "`extend` names an open switch by its type and its field: `device.body`.";
    NeedsList = "S119", "key of lists on a field that is none",
        "The key is about the elements of a list. A field is a list when it has `count`, `until`, `while`, `each` or `marker`.";
    BadText = "S120", "control or invisible character in a text",
        "Texts end up in documentation and messages, so they hold no control or invisible characters, not even as escapes.";
    EmptyText = "S121", "empty text",
        "A text is expected here, and there is none. Write it, or remove the key.";

    UnexpectedCharacter = "X001", "unexpected character",
        "The character has no meaning in an expression. Names are letters, digits and `_`; texts stand in single quotes.";
    WrongOperator = "X002", "operator of another language",
        "The language writes `==` for equal, and `and`, `or`, `not` in words.";
    NotInLanguage = "X003", "comma, bracket or `?`",
        "Expressions have no commas, no square or curly brackets and no `? :`, so that they need no quotes in YAML. Functions take one argument; a choice is `if c then a else b`.";
    BadNumber = "X004", "not a number",
        "Numbers are whole: decimal with an optional K, M, G or T, or hexadecimal after `0x`, without `_`.";
    NumberTooLarge = "X005", "number too large",
        "Numbers are below 2 to the power of 64, the suffix included.";
    UnterminatedText = "X006", "text without an end",
        "A text starts and ends with a single quote and has no escapes. Add the closing quote.";
    TextFirst = "X007", "text at the start",
        "YAML would take the quotes for its own, so an expression does not start with a text. Turn it around, such as `name == 'x'`.";
    ChainedComparison = "X008", "chained comparison",
        "Comparisons do not chain. Write both, with `and` between them, or `x in low..high`.";
    NestedTooDeep = "X009", "nested over 64 levels",
        "An expression nests at most 64 levels; each operator and each pair of brackets is one. Name parts of it with `let`.";
    UnexpectedEnd = "X010", "expression ends too early",
        "Something is missing at the end of the expression: an operand, `then`, `else` or a closing bracket.";
    UnexpectedWord = "X011", "something else expected",
        "At this place of the expression something else must stand, such as a name, a number, an operator or a bracket.";
    LeftOver = "X012", "text behind the expression",
        "The expression is complete and something follows. An operator may be missing.";
    UnclosedBracket = "X013", "bracket is not closed",
        "Every `(` needs its `)`. Add it.";
    BadGuid = "X014", "not a guid",
        "A guid is 32 hex digits in groups of 8, 4, 4, 4 and 12: `guid(00000000-0000-0000-0000-000000000000)`.";
    EmptyExpression = "X015", "empty expression",
        "An expression is expected here, and there is none.";
    TooLong = "X016", "expression over 4,096 bytes",
        "An expression has at most 4,096 bytes. Name parts of it with `let`.";
    NeedsBrackets = "X017", "`if` or `not` inside an expression",
        "`if` and `not` bind loosely. Inside a larger expression they stand in brackets, such as `1 + (if a then b else c)`.";
    BadType = "X018", "not a type",
        "A type is a name, or a name with one argument in round brackets: `u32`, `bytes(16)`, `header`. How many there are is said by `count`.";

    UnknownType = "N001", "unknown type",
        "The name is no built-in type and no type, enum or flags of this spec or of a file it uses.";
    UnknownName = "N002", "unknown name",
        "An expression names something that is no field of this type or of one around it, no param and no constant.";
    UnknownMember = "N003", "unknown member",
        "What is left of the dot has no such field, case or flag, or the field holds no value.";
    UnknownParam = "N004", "argument for no param",
        "The type has no param of this name; built-in types have none at all.";
    MissingArgument = "N005", "missing argument",
        "The type has params, and each needs an argument under `with`. What a file starts with has none, as nobody gives them.";
    DuplicateName = "N006", "name used twice",
        "Two things of a spec have the same name, if only after it is put into the case that Rust wants: types, enums, flags and constants of all files, fields and params of a type, cases of a switch. Rename one of them.";
    HidingName = "N007", "name hides another one",
        "A field or param has the name of a constant, or of something that an inline part sees of the types around it, so that an expression could mean either. Rename one of them.";
    RustName = "N008", "not a name in Rust",
        "In Rust the name would be one that Rust keeps for itself, that generated code needs (`Option`, `Blob`), or that is generated beside a type or field (`HeaderArgs`, `body_slack`). Choose another one.";
    UnknownValue = "N009", "unknown enum value",
        "Beside an enum a bare name is one of its values or groups, and it has none of this name.";
    NoFormat = "N010", "no `format` or `root`",
        "A spec says what it describes (`format: {id: ...}`) and which type a file starts with (`root: ...`). Only files that others use go without.";
    BadExtend = "N011", "nothing to extend",
        "`extend` adds cases to a switch that says `open: true`, named by its type and field.";
    NotGenerated = "N012", "not generated yet",
        "The key is part of the language, but this version of the generator has no code for it.";

    WrongType = "T001", "wrong type",
        "An operator, a function or a key takes another type than it is given: a condition where a number stands, two things that cannot be compared, or a condition on what is kept of an enum without numbers.";
    BadArgument = "T002", "wrong argument of a type",
        "The type takes one argument in brackets, or none: a number of bytes, `rest`, or for `pstr` an integer type. Outside of `bits` enums and flags take whole bytes.";
    NotConstant = "T003", "not a constant",
        "The value is needed before any file is read, so it can only be made of numbers, truth values, texts, guids and the constants above it.";
    OutOfRange = "T004", "out of range",
        "A number can never fit where it is used: as a value, an argument, a start value, a shift, or a divisor.";
    UnknownFunction = "T005", "unknown function",
        "The language has a fixed set of functions.";
    UsedBeforeRead = "T006", "used before it is read",
        "What decides whether, where or how long a field is must lie in front of it.";
    BadParamType = "T007", "not a type for a param",
        "Params are integers, `bool`, enums, flags, guids or `text`.";
    NoWindow = "T008", "`rest` without a window",
        "As a number `rest` is what is left of a window. The type needs a `size`, or is an inline part that fills the `size` of its field.";
    LetCycle = "T009", "`let` that needs itself",
        "A named value sees what is in front of it; through a field of its own type it would need itself without end.";

    LooksAhead = "T010", "condition that a writer cannot keep",
        "`peek` compares what follows with constants. A writer holds what it writes next against that, so whether a field is there must be in its value, and nothing but constants stands beside `peek`; in an `if`, conditions on fields go beside it with `and`.";

    DrivenCycle = "D001", "value that needs itself",
        "A driven value or pin is computed on write from something that itself depends on it: a pin of a pin, a checksum over a checksum, or a size of which a part is there or not by that size.";
    DriversDisagree = "D002", "drivers that cannot agree",
        "Two things fix the same field in ways that cannot both hold. Give each its own field.";
    DrivenPinned = "D003", "driven or pinned, and given",
        "The field's value follows from another field or from its `value`, so nothing else can fix it: a driven field has no `value`, and neither has an `init`.";
    DrivenPartly = "D004", "driven only in part",
        "Of the fields of a type that others fix from outside, a field of that type must fix all or none.";

    AfterRest = "L001", "field after the rest",
        "What takes all that is left is the last of its window, and no list of several. Give it a length or a `size`, or put it last. Behind a switch of which some case leaves something, only what can be empty may follow.";
    Unbounded = "L002", "held without a bound",
        "Bytes and texts are held in memory, so a length over 16 MiB needs a bound: a `max`, or around it a window with a constant `size` or a `max`. Payload of any length is a `blob`.";
    BitsSum = "L003", "bits do not add up",
        "The widths of the parts must add up to the integer that holds them.";
    EmptyElement = "L004", "list element of no bytes",
        "A list element takes at least one byte, or a list could go on for ever and fill the memory from nothing. Put something into it that is always there.";
    OpenList = "L005", "list without an end",
        "A list ends in one way: `count`, `until`, `while` or `each`, and its condition must be able to change.";
    ChecksumUnbounded = "L006", "checksum over a blob",
        "A checksum is computed over what is held in memory, and a blob is not. Leave it out, or make it `bytes` with a `max`.";
    TooSmall = "L007", "window that does not fit",
        "The fields take more bytes than the constant size of their window, or always fewer without a `slack` that says what becomes of the rest.";
    TrialField = "L008", "byte order cannot be tried",
        "Byte order by trial is between `le` and `be`, and looks at plain numbers at fixed offsets at the start of the type, before anything else is read.";
    EndlessType = "L009", "type that never ends",
        "Every value of the type would hold another one. Something must let it end: an `if`, a list or a case.";
    KeepUnnamed = "L010", "value without a name",
        "A field called `_` is not in the value, so it has nothing to hold: it is a magic, zeros, an alignment or pinned, and nothing is kept of it. Give it a name. Nor does a value hold the slack of a case: the content of a case is all that it holds.";
    BitsContent = "L011", "not a part of an integer",
        "Parts of `bits` are `u1`..`u64`, `bool`, an enum of so many bits, or `zero(n)`, without any keys of place or presence.";
    BadSize = "L012", "size or place that cannot be",
        "A constant size, count or offset is negative or too large, or an offset lies in front of where the field before ends, or behind it without a `gap` that says what becomes of the bytes between.";

    SinceWithoutVersion = "V001", "nothing to compare versions with",
        "`since` and `before`, of a field or in an enum or flags that it has, compare with the `version` of the type, and neither it nor a type around it says what that is.";
    EmptyVersions = "V002", "no version left",
        "`before` must be greater than `since`.";
    OverlappingVersions = "V003", "versions overlap",
        "Two values stand for the same number, or two names for the same bit, in the same version.";

    UnknownCase = "C001", "case that cannot be",
        "What is switched on never has this value.";
    NotExhaustive = "C002", "cases missing",
        "Some values have no case. Add them, a `default`, or `open: true` to refuse them.";
    OverlappingCases = "C003", "case twice",
        "Two cases are for the same value, or a text ending in front takes all of a longer one.";
    BadSwitch = "C004", "switch that says too little",
        "A switch is on an enum, a truth value, a text or a guid. A case of a truth value that is a built-in type has a name: `true: {large: u32}`.";
    BadValue = "C005", "value does not fit",
        "The value of an enum, or the number of a bit, does not fit its `repr`, or there is no value at all.";
    UselessDefault = "C006", "default never taken",
        "Every value has a case of its own. Remove the default.";

    StateOutside = "M001", "state outside of its type",
        "State starts with every value of the type that `per` names, and is lent to what that type holds. Something else looks it up too.";
    StateChanges = "M002", "state that changes on the way",
        "An expression sees state as it was when its type began. Here an earlier field of the same type changes it, so that a reader and a writer could find different values.";
    StateSize = "M003", "size that depends on state",
        "Zeros, alignments and optional fields that are not in the value take as many bytes as the value and the params say. State decides it only where a number of the type that it is for remembers it once, in front of everything that looks it up.";
    StateChecksum = "M004", "checksum over something that remembers",
        "A checksum is computed by writing what it is over, and then that is written once more. What remembers would do so twice.";

    NotAPlace = "P001", "not a place",
        "What is read aside counts from a place: the struct that holds it, the file in a root, or a param of type `place`.";
    AsideSize = "P002", "aside of no known size",
        "What is read aside is held, so its size must be known before it is read: a `size`, or a content whose length is said. It holds no payload of its own but lazy lists.";
    PlaceCutOff = "P003", "place out of reach",
        "What is in a window of its own is held apart from what lies around it, so that nothing around it can be read from there. Read it in the sequence, or from a place inside.";
    BadLazy = "P004", "list that cannot be lazy",
        "A lazy list has a `count`, and elements of constant size that look up no state, so that each can be found by its index.";
    AsideChecksum = "P005", "checksum over something with a place",
        "A checksum is over bytes in one row, and what is read aside lies elsewhere. Leave it out.";
    FilePlaceUnknown = "P006", "offset of the file out of sequence",
        "An `at` that counts from the start of the file is found by counting what lies in front. What is read aside or in copies, or is under a checksum, is also read or written apart from that.";
    EntryShape = "J001", "not an entry of a journal",
        "An entry of a journal is looked at where it lies: a type with a `size` that is one of its own fields, fields of constant size, then lists of elements of a constant size, and padding.";
    JournalHolder = "J002", "journal in a type that is told something",
        "Whoever replays a journal has the value that holds it, and nothing around it. Put it into a type without params.";
    JournalValue = "J003", "more than a journal can tell",
        "What is asked of entries is in their heads, and what is asked of elements is a single value at a constant place. Lists can be counted and summed up.";

    BadExample = "E001", "example that cannot be",
        "An example names a type, param or field that is not there, leaves out an argument or the byte order that its type needs, or gives what it does not take.";
}
