//! DOT, laid out by Graphviz itself: its program, compiled to WebAssembly, in an interpreter that
//! gives it no files, no clock, no more memory than [`MEMORY`] and no more steps than [`STEPS`].

mod labels;

use std::borrow::Cow;
use std::sync::LazyLock;

use wasmi::{
    Caller, Config, Engine, Extern, Linker, Memory, Module, Store, StoreLimits, StoreLimitsBuilder,
    TypedFunc,
};

use super::Failure;
use super::picture::Drawn;

const PROGRAM: &[u8] = include_bytes!("../assets/graphviz/graphviz.wasm");

/// The steps that a graph may take. One with five nodes takes 13 million, one with 300 edges 430,
/// and a thousand million take two seconds.
const STEPS: u64 = 2_000_000_000;
/// The memory that a graph may take, in bytes.
const MEMORY: usize = 256 * 1024 * 1024;
/// How much is kept of what Graphviz says of a source.
const WORDS: usize = 4096;

/// Room around the graph in pixels; Graphviz leaves four points itself.
const MARGIN: f32 = 4.0;

static LOADED: LazyLock<Result<(Engine, Module), String>> = LazyLock::new(|| {
    let mut config = Config::default();
    config.consume_fuel(true);
    // Chains are laid out by recursion. The interpreter keeps its stacks in memory of its own.
    config.set_max_stack_height(64 * 1024 * 1024);
    config.set_max_recursion_depth(100_000);
    let engine = Engine::new(&config);
    let module = Module::new(&engine, PROGRAM).map_err(|error| error.to_string())?;
    Ok((engine, module))
});

struct World {
    limits: StoreLimits,
    /// What the program wrote to its standard error.
    said: Vec<u8>,
}

/// Lays a graph out that was written here; gives Graphviz' own picture of it.
pub(crate) fn lay_out(source: &str) -> Result<String, Failure> {
    Ok(draw(source)?.svg)
}

pub(crate) fn draw(source: &str) -> Result<Drawn, Failure> {
    let (source, left_out) = match labels::without_html(source)? {
        Some(plain) => (Cow::Owned(plain.source), plain.left_out),
        None => (Cow::Borrowed(source), Vec::new()),
    };
    let source = &*source;
    let (engine, module) = LOADED
        .as_ref()
        .map_err(|error| Failure::new(format!("Graphviz could not be started: {error}")))?;
    let world = World {
        limits: StoreLimitsBuilder::new()
            .memory_size(MEMORY)
            .trap_on_grow_failure(true)
            .build(),
        said: Vec::new(),
    };
    let mut store = Store::new(engine, world);
    store.limiter(|world| &mut world.limits);
    let result = run(&mut store, engine, module, source);
    let said = String::from_utf8_lossy(&store.data().said).into_owned();
    match result {
        Ok(Some(svg)) => Ok(Drawn {
            svg,
            below: 0.0,
            margin: MARGIN,
            left_out,
        }),
        Ok(None) => Err(explained(&said, source)),
        Err(error) if error.as_trap_code() == Some(wasmi::TrapCode::OutOfFuel) => Err(
            Failure::new("Graphviz takes too long to lay it out; make the graph smaller"),
        ),
        Err(error) if error.as_trap_code().is_some() && said.is_empty() => Err(Failure::new(
            format!("Graphviz gave up on it ({error}); make the graph smaller"),
        )),
        Err(_) => Err(explained(&said, source)),
    }
}

/// Runs the program; none when it has no picture, and said why.
fn run(
    store: &mut Store<World>,
    engine: &Engine,
    module: &Module,
    source: &str,
) -> Result<Option<String>, wasmi::Error> {
    store.set_fuel(STEPS)?;
    let linker = linker(engine)?;
    let instance = linker.instantiate_and_start(&mut *store, module)?;
    let memory = instance
        .get_memory(&*store, "memory")
        .ok_or_else(|| wasmi::Error::new("no memory"))?;
    let malloc: TypedFunc<u32, u32> = instance.get_typed_func(&*store, "malloc")?;
    let render: TypedFunc<(u32, u32, u32, u32), u32> =
        instance.get_typed_func(&*store, "graphviz_render")?;
    let mut put = |bytes: &[u8]| -> Result<u32, wasmi::Error> {
        let size = u32::try_from(bytes.len()).map_err(|_| wasmi::Error::new("too long"))?;
        let at = malloc.call(&mut *store, size)?;
        if at == 0 {
            return Err(wasmi::Error::new("out of memory"));
        }
        memory
            .write(&mut *store, at as usize, bytes)
            .map_err(|error| wasmi::Error::new(error.to_string()))?;
        Ok(at)
    };
    let c_string = |text: &str| [text.as_bytes(), b"\0"].concat();
    let source = put(&c_string(source))?;
    let format = put(&c_string("svg"))?;
    let layout = put(&c_string("dot"))?;
    let length_at = put(&[0; 4])?;
    let picture = render.call(&mut *store, (source, format, layout, length_at))?;
    if picture == 0 {
        let words = complaint(memory.data(&*store));
        store.data_mut().said.extend_from_slice(&words);
        return Ok(None);
    }
    let length = read_u32(memory.data(&*store), length_at)? as usize;
    let bytes = memory
        .data(&*store)
        .get(picture as usize..picture as usize + length)
        .ok_or_else(|| wasmi::Error::new("the picture is out of bounds"))?;
    Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
}

/// What Graphviz' parser said last. The program has no function that gives it, but leaves it in its
/// memory.
fn complaint(memory: &[u8]) -> Vec<u8> {
    const START: &[u8] = b"syntax error in line ";
    let found = memchr::memmem::find_iter(memory, START)
        .map(|at| &memory[at..])
        .find(|words| words.get(START.len()).is_some_and(u8::is_ascii_digit));
    let words = found.unwrap_or_default();
    let end = words
        .iter()
        .take(WORDS)
        .position(|byte| b"\0\n".contains(byte));
    words[..end.unwrap_or(0)].to_vec()
}

/// What Graphviz said, with the line that it names.
fn explained(said: &str, source: &str) -> Failure {
    let line = said.lines().find(|line| !line.trim().is_empty());
    let Some(words) = line else {
        return Failure::new("Graphviz does not understand it");
    };
    let words = words.trim_start_matches("Error: ").replace("<stdin>: ", "");
    let mut failure = Failure::new(format!("Graphviz says: {words}"));
    if let Some((_, rest)) = words.split_once("in line ") {
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let last = u32::try_from(source.lines().count()).unwrap_or(u32::MAX);
        failure.line = digits
            .parse()
            .ok()
            .map(|line: u32| line.clamp(1, last.max(1)));
    }
    failure
}

/// Gives the program the sixteen functions that it asks a system for. There is nothing behind
/// them but standard error, which is where Graphviz explains itself.
fn linker(engine: &Engine) -> Result<Linker<World>, wasmi::Error> {
    const SYSTEM: &str = "wasi_snapshot_preview1";
    const DONE: i32 = 0;
    const BAD_FILE: i32 = 8;
    const NO_ENTRY: i32 = 44;
    let mut linker = Linker::new(engine);
    linker.func_wrap(SYSTEM, "environ_get", |_: i32, _: i32| DONE)?;
    linker.func_wrap(
        SYSTEM,
        "environ_sizes_get",
        |mut caller: Caller<'_, World>, count: u32, size: u32| {
            write_u32(&mut caller, count, 0)?;
            write_u32(&mut caller, size, 0)?;
            Ok::<i32, wasmi::Error>(DONE)
        },
    )?;
    linker.func_wrap(
        SYSTEM,
        "clock_time_get",
        |mut caller: Caller<'_, World>, _: i32, _: i64, at: u32| {
            write_u32(&mut caller, at, 0)?;
            write_u32(&mut caller, at.wrapping_add(4), 0)?;
            Ok::<i32, wasmi::Error>(DONE)
        },
    )?;
    linker.func_wrap(SYSTEM, "fd_close", |_: i32| DONE)?;
    linker.func_wrap(
        SYSTEM,
        "fd_fdstat_get",
        |mut caller: Caller<'_, World>, file: i32, at: u32| {
            if !(0..=2).contains(&file) {
                return Ok::<i32, wasmi::Error>(BAD_FILE);
            }
            // A character device with every right.
            let mut stat = [0xff; 24];
            stat[..8].copy_from_slice(&[2, 0, 0, 0, 0, 0, 0, 0]);
            write(&mut caller, at, &stat)?;
            Ok(DONE)
        },
    )?;
    linker.func_wrap(SYSTEM, "fd_fdstat_set_flags", |_: i32, _: i32| DONE)?;
    linker.func_wrap(SYSTEM, "fd_filestat_get", |_: i32, _: i32| BAD_FILE)?;
    linker.func_wrap(SYSTEM, "fd_prestat_get", |_: i32, _: i32| BAD_FILE)?;
    linker.func_wrap(SYSTEM, "fd_prestat_dir_name", |_: i32, _: i32, _: i32| {
        BAD_FILE
    })?;
    linker.func_wrap(SYSTEM, "fd_read", |_: i32, _: i32, _: i32, _: i32| BAD_FILE)?;
    linker.func_wrap(SYSTEM, "fd_seek", |_: i32, _: i64, _: i32, _: i32| BAD_FILE)?;
    linker.func_wrap(
        SYSTEM,
        "fd_write",
        |mut caller: Caller<'_, World>, file: i32, pieces: u32, count: u32, written: u32| {
            let data = memory(&caller)?.data(&caller);
            let mut said = Vec::new();
            let mut all: u32 = 0;
            for piece in 0..count.min(1024) {
                let at = pieces.wrapping_add(piece * 8);
                let (start, length) = (read_u32(data, at)?, read_u32(data, at.wrapping_add(4))?);
                let bytes = data.get(start as usize..).unwrap_or_default();
                let bytes = bytes.get(..length as usize).unwrap_or_default();
                said.extend_from_slice(&bytes[..bytes.len().min(WORDS)]);
                all = all.wrapping_add(length);
            }
            let kept = &mut caller.data_mut().said;
            if file == 2 && kept.len() < WORDS {
                kept.extend_from_slice(&said);
            }
            write_u32(&mut caller, written, all)?;
            Ok::<i32, wasmi::Error>(DONE)
        },
    )?;
    linker.func_wrap(
        SYSTEM,
        "path_filestat_get",
        |_: i32, _: i32, _: i32, _: i32, _: i32| NO_ENTRY,
    )?;
    linker.func_wrap(
        SYSTEM,
        "path_open",
        |_: i32, _: i32, _: i32, _: i32, _: i32, _: i64, _: i64, _: i32, _: i32| NO_ENTRY,
    )?;
    linker.func_wrap(
        SYSTEM,
        "proc_exit",
        |status: i32| -> Result<(), wasmi::Error> { Err(wasmi::Error::i32_exit(status)) },
    )?;
    linker.func_wrap(
        SYSTEM,
        "random_get",
        |mut caller: Caller<'_, World>, at: u32, length: u32| {
            // The same every time, so that the same graph is drawn the same.
            for byte in 0..length.min(4096) {
                write(&mut caller, at.wrapping_add(byte), &[7])?;
            }
            Ok::<i32, wasmi::Error>(DONE)
        },
    )?;
    Ok(linker)
}

fn memory(caller: &Caller<'_, World>) -> Result<Memory, wasmi::Error> {
    caller
        .get_export("memory")
        .and_then(Extern::into_memory)
        .ok_or_else(|| wasmi::Error::new("no memory"))
}

fn write(caller: &mut Caller<'_, World>, at: u32, bytes: &[u8]) -> Result<(), wasmi::Error> {
    memory(caller)?
        .write(caller, at as usize, bytes)
        .map_err(|error| wasmi::Error::new(error.to_string()))
}

fn write_u32(caller: &mut Caller<'_, World>, at: u32, number: u32) -> Result<(), wasmi::Error> {
    write(caller, at, &number.to_le_bytes())
}

fn read_u32(data: &[u8], at: u32) -> Result<u32, wasmi::Error> {
    data.get(at as usize..at as usize + 4)
        .and_then(|bytes| bytes.try_into().ok())
        .map(u32::from_le_bytes)
        .ok_or_else(|| wasmi::Error::new("out of bounds"))
}
