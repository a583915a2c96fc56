// Converts AsciiDoc files with Asciidoctor.
//
//   node convert.mjs FOLDER_OF_PACKAGES < FILES
//
// Takes a path on each line, and writes an array of the HTML of each, in JSON.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const require = createRequire(join(process.argv[2], 'package.json'))
const { default: load } = await import(pathToFileURL(require.resolve('@asciidoctor/core')))
const asciidoctor = load()
asciidoctor.LoggerManager.setLogger(asciidoctor.NullLogger.create())

const attributes = {
  showtitle: '',
  experimental: '',
  'env-tributary': '',
  // Confluence makes the list of headings.
  'toc!': '',
  // What another document is called without its ending.
  relfilesuffix: '',
}
const paths = readFileSync(0, 'utf8').split('\n').filter(Boolean)
const pages = paths.map((path) =>
  asciidoctor.convert(readFileSync(path, 'utf8'), {
    safe: 'server',
    base_dir: dirname(path),
    attributes,
  }),
)
process.stdout.write(JSON.stringify(pages))
