//! The stages of the generator and the interpreter, as crates call them. One program, since each more is linked anew.

mod diagnostic_render;
mod edit;
mod edit_samples;
mod interpret;
mod interpret_aside;
mod interpret_find;
mod refusals;
mod syntax_corpus;
mod syntax_expression_errors;
mod syntax_expressions;
mod syntax_load;
mod syntax_structure;
mod yaml_agreement;
mod yaml_hostile;
mod yaml_refuse;
