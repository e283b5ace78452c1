// Makes a page of what `clpool parity` printed: devices x operators, with the number of checks.
// Usage: node parity.mjs < OUTPUT > PAGE
import { readFileSync } from 'node:fs'

const lines = readFileSync(0, 'utf8').split('\n')
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
\`\`\`

Made by \`ci/site\`; \`ci/clpool parity --device all\` draws others.`)
