//! The keys of a file and of what it declares.

use super::options::VERSION_KEYS;
use super::{CASES, CLASSES, Construct, ENDIANS, FIELDS, GIVES, Key, NOTES, POLICIES, RULES, Shape, UNKNOWN_SHAPE};
use super::{EXAMPLE, Keys, LANGUAGE, Named, PARAMS, REMEMBER, SUBSECTION, TEXTS, VERSIONS, VMSTATE};

/// Named values.
const CONSTS: Shape =
    Shape::Named(Keys::New(Named::Value), &Shape::Either(&[Shape::Expression, Shape::Mapping(|| &CONST)]));

/// The top level of a file.
pub static TOP_LEVEL: Construct = Construct {
    name: "a spec",
    keys: &[&[
        Key::required("spec", Shape::Word(LANGUAGE), "version of the language: 1"),
        Key::new("format", Shape::Mapping(|| &FORMAT), "what the spec is about"),
        Key::new("root", Shape::Name, "the type a file of this format starts with"),
        Key::new("roots", Shape::List(&Shape::Name), "more types to start from"),
        Key::new("endian", ENDIANS, "byte order of every type without one of its own"),
        Key::new("consts", CONSTS, "named values"),
        Key::new("enums", Shape::Named(Keys::New(Named::Type), &Shape::Mapping(|| &ENUM)), "values with names"),
        Key::new("flags", Shape::Named(Keys::New(Named::Type), &Shape::Mapping(|| &FLAGS)), "bits with names"),
        Key::new("types", Shape::Named(Keys::New(Named::Type), &Shape::Mapping(|| &TYPE)), "what files are made of"),
        Key::new(
            "inputs",
            Shape::Named(Keys::New(Named::Value), &Shape::Mapping(|| &INPUT)),
            "facts that the bytes do not hold, given by the caller",
        ),
        Key::new(
            "state",
            Shape::Named(Keys::New(Named::Value), &Shape::Mapping(|| &STATE)),
            "what one record tells later ones",
        ),
        Key::new("vmstate", Shape::Mapping(|| &VMSTATE), "the rules of types with `vmstate`"),
        Key::new(
            "externs",
            Shape::Named(Keys::New(Named::Value), &Shape::Mapping(|| &EXTERN)),
            "code written by hand that tells lengths",
        ),
        Key::new(
            "examples",
            Shape::Named(Keys::New(Named::Other), &Shape::Mapping(|| &EXAMPLE)),
            "bytes, and what they must mean",
        ),
        Key::new("use", Shape::List(&Shape::Text), "other specs, relative to this file"),
        Key::new("extend", Shape::Named(Keys::Targets, &CASES), "more cases for `type.field`, an open switch"),
    ]],
};

/// One of `consts`, written as a mapping.
pub static CONST: Construct = Construct {
    name: "a constant",
    keys: &[&[Key::required("value", Shape::Expression, "what it stands for")], NOTES],
};

/// `format`.
pub static FORMAT: Construct = Construct {
    name: "`format`",
    keys: &[&[
        Key::required("id", Shape::NewName, "name of the format and of its module"),
        Key::new("title", Shape::Text, "the format in a few words"),
        Key::new("doc", Shape::Text, "documentation of the module"),
        Key::new("refs", TEXTS, "where the facts come from"),
    ]],
};

/// What enums and flags share.
const NAMED_VALUES: &[Key] = &[
    Key::required("repr", Shape::Type, "the type on the wire"),
    Key::new("groups", Shape::Named(Keys::New(Named::Other), &Shape::List(&Shape::Name)), "names for several of them"),
    Key::required("unknown", UNKNOWN_SHAPE, "what becomes of a value without a name"),
    Key::new("class", Shape::Word(CLASSES), "class of the failure for an unknown value").or("unsupported"),
    Key::new("say", Shape::Text, "what people are told of an unknown value"),
];

/// One of `enums`.
pub static ENUM: Construct = Construct {
    name: "an enum",
    keys: &[
        NAMED_VALUES,
        &[Key::required(
            "values",
            Shape::Named(Keys::Texts, &Shape::Either(&[Shape::NewName, Shape::Mapping(|| &ENUM_VALUE)])),
            "wire value and name",
        )],
        NOTES,
    ],
};

/// One of `flags`.
pub static FLAGS: Construct = Construct {
    name: "flags",
    keys: &[
        NAMED_VALUES,
        &[Key::required(
            "bits",
            Shape::Named(Keys::Integers, &Shape::Either(&[Shape::NewName, Shape::Mapping(|| &FLAG)])),
            "bit number and name",
        )],
        NOTES,
    ],
};

/// What a value and a bit may say about themselves.
const NAMED_VALUE: &[Key] =
    &[Key::required("name", Shape::NewName, "its name"), Key::new("doc", Shape::Text, "its documentation")];

/// One of `values`.
pub static ENUM_VALUE: Construct = Construct { name: "an enum value", keys: &[NAMED_VALUE, VERSION_KEYS] };

/// One of `bits` of flags.
pub static FLAG: Construct = Construct { name: "a flag", keys: &[NAMED_VALUE, VERSION_KEYS] };

/// One of `types`.
pub static TYPE: Construct = Construct {
    name: "a type",
    keys: &[
        &[
            Key::required("fields", FIELDS, "its fields in wire order"),
            Key::new("bits", Shape::Type, "the integer whose bits the fields are, least significant first"),
            Key::new("params", PARAMS, "what its user tells it"),
            Key::new("endian", ENDIANS, "byte order of its fields"),
            Key::new(
                "version",
                Shape::Either(&[Shape::Expression, Shape::Mapping(|| &VERSIONS)]),
                "what `since` and `before` compare with; beside `vmstate` the versions there are",
            ),
            Key::new("size", Shape::Expression, "its length in bytes"),
            Key::new("slack", Shape::Word(POLICIES), "what becomes of bytes behind its fields").or("none"),
            Key::new("max", Shape::Expression, "the most bytes it may have"),
            Key::new("require", RULES, "rules over all fields"),
            Key::new("remember", REMEMBER, "what it tells later records"),
            Key::new("class", Shape::Word(CLASSES), "class of its rules").or("invalid"),
            Key::new("vmstate", Shape::Text, "name of the device state it is"),
            Key::new(
                "subsections",
                Shape::Named(Keys::Texts, &Shape::Mapping(|| &SUBSECTION)),
                "what may follow its fields, by name, beside `vmstate`",
            ),
        ],
        NOTES,
    ],
};

/// One of `state`.
pub static STATE: Construct = Construct {
    name: "state",
    keys: &[&[
        Key::required("per", Shape::Name, "the type with every value of which it starts afresh"),
        Key::new("cell", Shape::Name, "the type of the one value it holds"),
        Key::new("init", Shape::Expression, "what a cell is before anything was remembered"),
        Key::new("row", PARAMS, "names and types of values that are remembered together"),
        Key::new("key", Shape::Name, "the type of the keys of a set, or of a table where there is a `row`"),
        Key::new("max", Shape::Expression, "the most keys there may be"),
        Key::new("doc", Shape::Text, "its documentation"),
    ]],
};

/// One of `inputs`.
pub static INPUT: Construct = Construct {
    name: "an input",
    keys: &[&[
        Key::required("type", Shape::Name, "an integer, `bool`, an enum, flags or a guid"),
        Key::required("init", Shape::Expression, "what it is where nobody says"),
        Key::new("doc", Shape::Text, "its documentation"),
    ]],
};

/// One of `externs`.
pub static EXTERN: Construct = Construct {
    name: "an extern",
    keys: &[&[
        Key::new("args", PARAMS, "names and types of what it is asked with"),
        Key::required("gives", Shape::Word(GIVES), "what it tells: `length`"),
        Key::new("doc", Shape::Text, "its documentation"),
    ]],
};

/// One of `params`, written as a mapping.
pub static PARAM: Construct = Construct {
    name: "a param",
    keys: &[&[
        Key::required("type", Shape::Name, "a scalar, an enum, flags, `text` or `place`"),
        Key::new("doc", Shape::Text, "its documentation"),
    ]],
};
