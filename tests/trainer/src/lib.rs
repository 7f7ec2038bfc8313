//! Trains the name tagger, generates what it is trained and measured on, and measures the redactor.

pub mod course;
pub mod equality;
pub mod forms;
pub mod generate;
pub mod lists;
pub mod measure;
pub mod pages;
pub mod perceptron;
pub mod plain;
pub mod score;
pub mod structured;
mod templates;
pub mod text;
pub mod train;
