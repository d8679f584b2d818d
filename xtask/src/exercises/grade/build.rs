//! Compiles the works, as tests of a package of our own that has the dependencies of the repository.

use super::batch::{lay_out, module, root_file, suspects};
use super::{Verdict, Work};
use crate::exercises::cargo::{Built, build, cargo, target_dir};
use anyhow::{Context, Result, bail};
use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toml::{Table, Value};

/// So many works in one program.
const BATCH: usize = 24;

/// What a work was compiled into.
#[derive(Clone, Debug)]
pub enum Program {
    /// A file, and the work's module in it.
    File {
        path: PathBuf,
        module: String,
    },
    None(Verdict),
}

/// The folder where works are compiled.
pub struct Workshop<'a> {
    root: &'a Path,
    folder: &'a Path,
    limit: Duration,
    manifest: Table,
    /// The repository's own: there the dependencies are compiled already.
    target: PathBuf,
    /// How many programs there are.
    count: usize,
}

impl<'a> Workshop<'a> {
    /// An empty one, with the files of the chapters beside the works.
    pub fn new(root: &'a Path, folder: &'a Path, limit: Duration) -> Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        copy(&root.join("chapters"), &folder.join("chapters"))?;
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        let text = fs::read_to_string(root.join("Cargo.toml"))?;
        let manifest = manifest(root, text.parse().context("Cargo.toml")?);
        let target = target_dir(root)?;
        Ok(Self { root, folder, limit, manifest, target, count: 0 })
    }

    /// A program for each work, the solutions among them first.
    pub fn build(&mut self, works: &[Work<'_>], solutions: usize) -> Result<Vec<Program>> {
        for (index, work) in works.iter().enumerate() {
            lay_out(self.root, self.folder, index, work)?;
        }
        eprintln!("compiling {solutions} solutions, to know that all is well here …");
        let mut programs = vec![Program::None(Verdict::DoesNotCompile); works.len()];
        let ours: Vec<usize> = (0..solutions).collect();
        // Without a limit: it may be the first time that the dependencies are compiled.
        match self.compile(works, &ours, Duration::MAX)? {
            Built::Errors(errors) => bail!("the solutions do not compile:\n{}", errors.concat()),
            built => self.place(&mut programs, &ours, built)?,
        }
        let theirs: Vec<usize> = (solutions..works.len()).collect();
        let mut left: VecDeque<Vec<usize>> = theirs.chunks(BATCH).map(<[_]>::to_vec).collect();
        while let Some(batch) = left.pop_front() {
            let count = left.iter().map(Vec::len).sum::<usize>() + batch.len();
            eprintln!("compiling: {count} different works to go …");
            let built = self.compile(works, &batch, self.limit)?;
            match &built {
                Built::Programs(_) => self.place(&mut programs, &batch, built)?,
                Built::Errors(_) if batch.len() == 1 => {}
                Built::TooSlow if batch.len() == 1 => {
                    programs[batch[0]] = Program::None(Verdict::TooSlow);
                }
                Built::Errors(errors) => left.extend(part(&batch, &suspects(&batch, errors))),
                Built::TooSlow => left.extend(part(&batch, &[])),
            }
        }
        Ok(programs)
    }

    fn compile(&mut self, works: &[Work<'_>], batch: &[usize], limit: Duration) -> Result<Built> {
        self.count += 1;
        let name = self.name();
        let test = [("name", name.clone()), ("path", format!("{name}.rs"))];
        let test: Table =
            test.map(|(key, value)| (key.to_owned(), value.into())).into_iter().collect();
        self.manifest.insert("test".into(), vec![Value::from(test)].into());
        fs::write(self.folder.join("Cargo.toml"), self.manifest.to_string())?;
        fs::write(self.folder.join(format!("{name}.rs")), root_file(self.folder, works, batch))?;
        let mut command = cargo(self.folder);
        command.args(["rustc", "--offline", "--test", &name, "--message-format", "json"]);
        command.arg("--target-dir").arg(&self.target);
        command.args(["--", "-Cdebuginfo=0", "-Cstrip=debuginfo", "-Awarnings"]);
        build(command.env("CARGO_INCREMENTAL", "0"), limit)
    }

    fn name(&self) -> String {
        format!("graded_{}", self.count)
    }

    fn place(&self, programs: &mut [Program], batch: &[usize], built: Built) -> Result<()> {
        let Built::Programs(built) = built else { bail!("there is no program") };
        let path = built.get(&self.name()).context("cargo built no program")?;
        for &index in batch {
            programs[index] = Program::File { path: path.clone(), module: module(index) };
        }
        Ok(())
    }
}

/// A batch that is not to be had at once: those under suspicion alone, or two halves.
fn part(batch: &[usize], suspects: &[usize]) -> Vec<Vec<usize>> {
    if suspects.is_empty() {
        let (one, other) = batch.split_at(batch.len() / 2);
        return vec![one.to_vec(), other.to_vec()];
    }
    let rest: Vec<usize> = batch.iter().copied().filter(|work| !suspects.contains(work)).collect();
    let parts = suspects.iter().map(|&work| vec![work]).chain([rest]);
    parts.filter(|part| !part.is_empty()).collect()
}

/// A package with the dependencies that tests of the repository have.
fn manifest(root: &Path, mut of_root: Table) -> Table {
    let mut dependencies = Table::new();
    for section in ["dependencies", "dev-dependencies"] {
        if let Some(Value::Table(section)) = of_root.remove(section) {
            dependencies.extend(section);
        }
    }
    for dependency in dependencies.iter_mut().filter_map(|(_, value)| value.as_table_mut()) {
        dependency.remove("optional");
        if let Some(Value::String(path)) = dependency.get_mut("path") {
            *path = root.join(&*path).display().to_string();
        }
    }
    let library = Table::from_iter([("path".to_owned(), root.display().to_string().into())]);
    dependencies.insert("tide-socketio".into(), library.into());
    let text = "[workspace]\n[package]\nname = \"graded\"\nedition = \"2024\"\npublish = false\n\
                [lints.rust]\nunsafe_code = \"forbid\"\n";
    let mut manifest: Table = text.parse().expect("it is TOML");
    manifest.insert("dependencies".into(), dependencies.into());
    manifest
}

/// Copies a folder, without exercises and links.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (kind, to) = (entry.file_type()?, to.join(entry.file_name()));
        if kind.is_dir() && entry.file_name() != "exercises" {
            copy(&entry.path(), &to)?;
        } else if kind.is_file() {
            fs::copy(entry.path(), to)?;
        }
    }
    Ok(())
}
