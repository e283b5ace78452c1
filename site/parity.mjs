// Makes a page of what `clpool parity` and `clpool devices` printed: devices x operators, with the
// number of checks, then the devices with their versions.
// Usage: node parity.mjs PARITY DEVICES > PAGE
import { readFileSync } from 'node:fs'

const [lines, about] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8').split('\n'))
const head = lines.findIndex((line) => /^operator +implementation +device/.test(line))
if (head < 0) throw new Error('clpool parity printed no table:\n' + lines.join('\n'))
const starts = ['operator', 'implementation', 'device', 'checks', 'mismatches'].map((name) =>
  lines[head].indexOf(name),
)
const rows = lines
  .slice(head + 1, lines.indexOf('', head))
  .filter((line) => /\d+$/.test(line))
  .map((line) => starts.map((from, i) => line.slice(from, starts[i + 1]).trim()))
const unique = (column) => [...new Set(rows.map((row) => row[column]))].sort()
const devices = unique(2)

const cell = (operator, device) => {
  const found = rows.filter((row) => row[0] === operator && row[2] === device)
  const sum = (column) => found.reduce((all, row) => all + Number(row[column]), 0)
  if (found.length === 0) return '-'
  return sum(4) === 0 ? `${sum(3)} ✓` : `**${sum(4)} of ${sum(3)} differ**`
}

const count = rows.reduce((all, row) => all + Number(row[3]), 0)
console.log(`# Parity

Random calls, computed by each device and by the reference, and compared bit by bit: ${count} checks, each of every
implementation that takes the call. A number is how many; a tick says that no bit differed.

| operator | ${devices.join(' | ')} |
|---|${devices.map(() => '--:|').join('')}`)
for (const operator of unique(0)) {
  console.log(`| \`${operator}\` | ${devices.map((device) => cell(operator, device)).join(' | ')} |`)
}
console.log(`
\`\`\`
${lines.slice(0, head).filter(Boolean).join('\n')}

${about.slice(about.findIndex((line) => line.startsWith('device '))).join('\n').trim()}
\`\`\`

Made by \`ci/site\`; \`ci/clpool parity --device all\` draws others.`)
