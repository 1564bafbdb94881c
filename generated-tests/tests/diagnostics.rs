//! What people are told about every spec in `bad/`: a snapshot of the text, and the code that its first line announces.

#![allow(clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use vmspec_codegen::diagnostic::{Code, Style};
use vmspec_codegen::source::Source;
use vmspec_codegen::{Failure, generate};

/// Declares a test for each spec; in file names `_` is `-`.
macro_rules! specs {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                insta::assert_snapshot!(told(&file_name(stringify!($name))));
            }
        )*

        const TESTED: &[&str] = &[$(stringify!($name)),*];
    };
}

specs! {
    absolute_path after_rest after_rest_blob after_rest_in_case after_rest_in_type after_rest_list
    after_rest_third alias align_to_zero ampersands anchor and_of_numbers argument_before_read
    argument_for_built_in argument_of_wrong_type argument_out_of_range arithmetic_on_text array_type
    aside_before_its_window aside_behind_the_rest aside_beside_at aside_beside_copies aside_in_a_case
    aside_without_bound aside_without_size at_backwards at_file_apart at_file_origin at_from_nowhere
    at_without_gap bad_guid bad_hex_number bad_integer bad_name bad_name_digit bad_name_of_value
    bad_number bit_too_high bits_of_cstr bits_of_u24 bits_too_few bits_too_many bits_with_if
    bits_with_wide_enum branches_differ bytes_without_length case_condition_on_enum case_is_a_group
    case_without_name cases_without_switch chained_comparison checksum_over_aside checksum_over_blob
    checksum_over_blob_field checksum_over_kept_gap checksum_over_kept_slack comma companion_of_type
    compare_float_order compare_text_and_number compare_two_enums condition_is_a_number const_cycle
    const_name_in_rust const_of_field const_same_in_rust const_without_value control_character
    copies_and_count copies_before_end copies_called_copies copies_checksum_over copies_driven_outside
    copies_in_case copies_kept_slack copies_lent_state copies_newest_no_number copies_newest_of_another
    copies_not_constant copies_of_fields copies_of_number copies_of_one copies_of_variable_size
    copies_overlap copies_size_of copies_without_gap count_and_until count_beside_magic count_in_bits
    count_of_number cycle cycle_of_checksums cycle_of_pins default_never_taken default_never_taken_bool
    default_without_switch directive division_by_zero double_equals driven_and_init driven_and_pinned
    driven_cycle_outside driven_partly drivers_disagree duplicate_case_name duplicate_const
    duplicate_enum_and_type duplicate_enum_value_name duplicate_field_after_conversion duplicate_flag
    duplicate_group duplicate_inline_type duplicate_key duplicate_key_in_cases duplicate_key_in_field
    duplicate_key_in_types duplicate_name duplicate_name_after_conversion duplicate_param each_and_count
    each_in_bits each_of_another_type each_of_itself each_of_number each_without_where empty_element
    empty_element_optional empty_element_zero empty_expression empty_fields empty_file empty_magic
    empty_text endian_before_read endian_of_number endless_type endless_types enum_of_float enum_of_text
    enum_without_values example_argument_of_wrong_type example_of_a_place example_of_copies
    example_of_driven_field example_of_no_type example_twice example_with_input_of_wrong_type
    example_with_needless_order example_with_two_results example_with_unknown_argument
    example_with_unknown_field example_with_unknown_input example_without_argument example_without_bytes
    example_without_named_bits example_without_order except_beside_field except_no_field exclamation
    expression_too_long extend_closed extend_no_switch extend_nothing extend_target
    extend_with_unknown_case extension_key_in_type extern_argument_of_wrong_type extern_aside
    extern_gives_a_value extern_gives_nothing extern_in_a_list extern_of_a_place extern_twice
    extern_type_taken extern_under_a_checksum extern_unknown extern_with_size
    extern_with_unknown_argument extern_without_argument fault_in_used_file field_shape_list
    field_shape_no_type field_shape_options_not_indented field_shape_two_names file_outside_of_root
    first_of_a_struct first_without_where flags_in_list flags_of_signed from_a_number from_without_via
    function_hint gap_without_at group_with_equals guid_and_number has_of_number held_unnamed
    held_unnamed_part hex_no_digit hex_odd hidden_character hiding_const hiding_name hiding_name_in_case
    if_before_read if_of_let_size if_without_brackets init_of_wrong_type init_out_of_range input_alone
    input_in_keep_condition input_init_of_wrong_type input_init_out_of_range input_member input_none
    input_of_another_type_than_cell input_of_text input_param_taken input_twice input_type_taken
    input_unknown input_wider_than_cell input_without_init integer_suffix integer_too_large
    it_outside_of_rules journal_accept_of_bytes journal_apply_at_a_list journal_apply_nothing
    journal_bytes_of_a_constant journal_entry_first journal_entry_list_of_texts
    journal_entry_list_unique journal_entry_list_until journal_entry_longer_than_stride
    journal_entry_optional_field journal_entry_with_blob journal_entry_with_params
    journal_entry_without_order journal_entry_without_size journal_holder_with_params
    journal_live_is_a_number journal_missing_keys journal_newest_behind_the_head journal_of_a_number
    journal_of_bits journal_of_no_list journal_of_no_type journal_partner_of_none journal_prev_outside
    journal_stride_not_constant journal_stride_of_zero journal_tail_in_a_list journal_unknown_key
    journal_with_count journal_zeros_always keep_condition_is_a_number keep_condition_of_guid
    keep_unnamed key_not_text known_of_number later_align_up later_aside_by_state
    later_file_in_expression later_from_place later_from_window lazy_in_a_case lazy_in_expression
    lazy_of_any_size lazy_to_the_end lazy_with_a_rule lazy_with_state lazy_without_count left_over
    let_cycle let_named_as_method let_of_itself let_of_recursive_type let_type_is_no_enum
    list_key_without_list list_never_ends list_of_rest list_of_rest_in_window magic_not_bytes
    magic_value_of_magic marker_of_nothing marker_of_two_bytes marker_without_list
    max_count_without_list max_is_a_field max_of_named_type max_on_number member_of_gap member_of_magic
    member_of_number member_of_trial merge_key mismatch_without_pin missing_argument
    missing_argument_of_root missing_cases missing_else missing_file missing_flags_unknown missing_repr
    missing_rule_condition missing_spec missing_unknown named_type_with_argument
    narrow_enum_outside_bits narrow_flags narrow_int_outside_bits negative_count negative_size
    nested_too_deep no_content no_content_empty no_format no_root no_version_left
    no_version_left_in_enum not_a_place not_exhaustive not_exhaustive_bool not_exhaustive_text
    not_exhaustive_unknown not_without_brackets not_yaml number_is_a_condition number_too_large
    open_list open_without_switch outside_folder overlapping_cases overlapping_cases_in_extend
    overlapping_endings param_is_a_struct param_type partner_outside peek_beside_a_field peek_in_a_rule
    peek_of_many_in_any_order peek_of_text peek_of_what_is_not_held pinned_and_init place_cut_off
    place_cut_off_aside place_is_a_number pstr_of_u24 question_mark remember_beside_let
    remember_columns_for_a_cell remember_columns_for_a_set remember_in_a_case remember_in_bits
    remember_key_of_wrong_type remember_one_for_a_row remember_one_for_a_table remember_without_a_column
    remember_without_key remember_wrong_type require_beside_type reserved_const reserved_format
    reserved_rust reserved_type reserved_word rest_in_constant_size rest_without_window row_of_a_field
    rule_is_a_number rust_name_of_enum rust_name_of_part rust_name_of_prelude rust_name_of_type
    same_bit_twice same_value_twice second_document seven_faults seven_meanings several_contents
    several_contents_magic shift_too_far since_before_version_is_read since_in_enum_of_let
    since_in_enum_without_version since_in_named_type since_without_version size_of_itself
    size_of_magic_window size_of_state slack_kept_in_case slack_without_size spec_version
    square_brackets starts_of_number state_alone state_cell_and_key state_cell_and_row
    state_cell_with_max state_changes_on_the_way state_column_called_key state_column_unknown
    state_decides_a_size state_has_on_a_cell state_in_a_row state_in_keep_condition
    state_init_is_no_constant state_init_of_flags state_init_out_of_range state_key_of_blob
    state_key_of_wrong_type state_key_out_of_range state_max_is_no_constant state_name_taken
    state_name_unknown state_of_a_place state_of_no_type state_outside state_per_bits state_per_no_type
    state_row_as_a_value state_row_column_unknown state_row_of_a_cell state_row_of_a_set
    state_row_with_init state_row_with_max state_row_without_columns state_set_as_a_value
    state_set_with_init state_set_without_max state_table_changes_on_the_way state_table_without_key
    state_table_without_max state_text_and_number state_text_init_is_a_number state_twice
    state_under_a_checksum state_without_content subsection_of_another_state subsections_without_vmstate
    sum_of_texts switch_before_read switch_in_bits switch_on_number switch_on_struct tab_indent tag
    text_first text_with_control this_of_a_case too_deep trial_of_one_order trial_over_nothing
    trial_over_variable_field type_window_too_small type_with_two_words u8_with_argument unbounded_bytes
    unbounded_pstr unbounded_rest unbounded_text unbounded_window unclosed_bracket unexpected_character
    unexpected_end unexpected_word unique_of_struct unknown_case unknown_case_in_path unknown_class
    unknown_endian unknown_enum_value unknown_flag unknown_function unknown_group unknown_group_member
    unknown_key unknown_key_of_case unknown_key_of_enum unknown_key_of_example unknown_key_of_field
    unknown_key_of_type unknown_member unknown_name unknown_name_of_parent unknown_on_number
    unknown_param unknown_type unknown_type_in_used_enum unknown_type_of_case unknown_type_of_root
    unknown_word unknown_word_hint unreachable_case unterminated_text use_before_read
    used_spec_has_same_name valid_of_unused_class value_beside_fields value_is_no_guid value_negative
    value_of_wrong_length value_of_wrong_type value_out_of_range value_too_large value_with_in
    version_of_lost_field version_of_text version_overlap vmstate_of_bits vmstate_of_no_version
    vmstate_without_rules vmstate_without_version where_beside_sum window_of_zero window_too_large
    window_too_small wrong_shape_fields wrong_shape_root wrong_shape_spec wrong_shape_type
    wrong_shape_types
}

fn file_name(name: &str) -> String {
    format!("{}.yaml", name.replace('_', "-"))
}

/// Tests run in the folder of their crate, so that a path shown is the same everywhere.
fn bad(file: &str) -> PathBuf {
    Path::new("bad").join(file)
}

fn refused(source: &Source) -> Option<Failure> {
    generate(source).err()
}

fn codes(failure: &Failure) -> Vec<&'static str> {
    failure.diagnostics.sorted().iter().map(|d| d.code.as_str()).collect()
}

/// What is said about a spec; the first code must be what it announces.
fn told(file: &str) -> String {
    let failure = refused(&Source::file(bad(file), "bad")).unwrap_or_else(|| panic!("{file} is accepted"));
    let (wanted, found) = (announced(file), codes(&failure));
    let fits = wanted.is_empty() || wanted.iter().any(|code| Some(&code.as_str()) == found.first());
    assert!(fits, "{file} gives {found:?}, not {wanted:?}");
    failure.render(Style::Plain)
}

/// The codes that may come first: `# expect: N001 or N002, ...`. None where the line speaks of another file.
fn announced(file: &str) -> Vec<String> {
    let text = fs::read_to_string(bad(file)).expect("a bad spec can be read");
    let line = text.lines().next().and_then(|line| line.strip_prefix("# expect: "));
    let line = line.unwrap_or_else(|| panic!("{file}: the first line announces nothing"));
    let mut wanted = Vec::new();
    let mut may_follow = true;
    for word in line.split_whitespace() {
        let code = word.trim_end_matches([',', ';', ':']);
        let is_code = Code::ALL.iter().any(|c| c.as_str() == code);
        if is_code && may_follow {
            wanted.push(code.to_owned());
        }
        may_follow = wanted.is_empty() || word == "or" || (is_code && line.contains(" or "));
    }
    wanted
}

/// The spec alone, in memory.
fn in_memory(text: String) -> Vec<&'static str> {
    let source = Source::memory("spec.yaml", BTreeMap::from([("spec.yaml".to_owned(), text)]));
    refused(&source).as_ref().map(codes).unwrap_or_default()
}

#[test]
fn every_bad_spec_is_tested() {
    let entries = fs::read_dir("bad").expect("the folder of bad specs is there");
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let found: BTreeSet<String> =
        names.filter(|name| Path::new(name).extension().is_some_and(|e| e == "yaml")).collect();
    assert_eq!(found, TESTED.iter().map(|name| file_name(name)).collect());
}

#[test]
fn every_code_has_a_bad_spec() {
    let mut produced: BTreeSet<&str> = BTreeSet::new();
    for name in TESTED {
        let failure = refused(&Source::file(bad(&file_name(name)), "bad"));
        produced.extend(failure.as_ref().map(codes).unwrap_or_default());
    }
    // These need files that do not belong in a repository.
    produced.extend(["F003", "F004", "F005", "F006", "Y010"]);
    let missing: Vec<&str> = Code::ALL.iter().map(|c| c.as_str()).filter(|c| !produced.contains(c)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn all_faults_are_told_at_once() {
    for file in ["seven-faults.yaml", "seven-meanings.yaml"] {
        let failure = refused(&Source::file(bad(file), "bad"));
        assert_eq!(failure.as_ref().map(codes).unwrap_or_default().len(), 7, "{file}");
    }
}

#[test]
fn files_that_cannot_be_read_are_refused() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a file can be written");
        refused(&Source::file(path, folder.path())).as_ref().map(codes).unwrap_or_default()
    };
    assert_eq!(file("large.yaml", &vec![b'#'; (4 << 20) + 1]), ["F003"]);
    assert_eq!(file("latin.yaml", b"spec: 1 # \xe9"), ["F004"]);
    // A folder is no plain file.
    assert_eq!(refused(&Source::file(folder.path(), folder.path())).as_ref().map(codes).unwrap_or_default(), ["F005"]);
}

#[test]
fn too_many_files_are_refused() {
    let used = |i: usize| format!("part{i}.yaml");
    let list: Vec<String> = (0..1000).map(used).collect();
    let head = "spec: 1\nformat: {id: many}\nendian: le\nroot: r\ntypes: {r: {fields: [{a: u8}]}}\n";
    let main = format!("{head}use: [{}]\n", list.join(", "));
    let mut texts: BTreeMap<String, String> =
        list.into_iter().map(|name| (name, "spec: 1\nconsts: {}\n".to_owned())).collect();
    texts.insert("spec.yaml".to_owned(), main);
    let failure = refused(&Source::memory("spec.yaml", texts));
    assert_eq!(failure.as_ref().map(codes).unwrap_or_default().first(), Some(&"F006"));
}

#[test]
fn too_many_values_are_refused() {
    let values = "[],".repeat(200_001);
    assert_eq!(in_memory(format!("spec: 1\nx-values: [{values}]\n")).first(), Some(&"Y010"));
}
