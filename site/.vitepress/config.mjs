import { defineConfig } from 'vitepress'

const page = (text, link) => ({ text, link })

// The sources lie as in the repository, so that the documents' links lead to the same files.
export default defineConfig({
  title: 'clpool',
  description: 'Pooling operators for Java on any OpenCL device, with the same bits everywhere',
  base: process.env.SITE_BASE ?? '/',
  outDir: '../site',
  srcExclude: ['public/**'],
  // Pages of other tools, which are no documents.
  ignoreDeadLinks: [/^\/(gallery|javadoc)\//],
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      page('Operators', '/docs/operators'),
      page('Parity', '/parity'),
      { ...page('Gallery', '/gallery/index.html'), target: '_self' },
      { ...page('Javadoc', '/javadoc/index.html'), target: '_self' },
    ],
    sidebar: [
      {
        text: 'Use it',
        items: [
          page('What it is', '/'),
          page('A first project', '/docs/first-project'),
          page('Examples', '/examples/README'),
          page('Operators', '/docs/operators'),
          page('From PyTorch and papers', '/docs/frameworks'),
          page('ONNX', '/docs/onnx'),
          page('The command line', '/docs/command-line'),
          page('Devices and troubleshooting', '/docs/devices'),
          page('Inside another OpenCL program', '/docs/embedding'),
          page('Your code beside the reference', '/docs/parity'),
        ],
      },
      {
        text: 'What it does',
        items: [
          page('Parity', '/parity'),
          page('Performance', '/docs/performance'),
          page('GPUs', '/docs/gpu'),
          page('Semantics to the bit', '/docs/semantics'),
          page('Architecture', '/docs/architecture'),
        ],
      },
      {
        text: 'Work on it',
        items: [
          page('Contributing', '/CONTRIBUTING'),
          page('Releasing', '/docs/releasing'),
          page('Changes', '/CHANGELOG'),
        ],
      },
    ],
  },
})
