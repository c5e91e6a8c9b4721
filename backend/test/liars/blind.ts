import { blindPair, main, node, nodeAdds, type Pair, prints, python, pythonAdds, right, rightNode } from './pairs.ts';

const pythonTree = { 'price.py': `${right}${main}` };
const nodeTree = { 'price.mjs': rightNode };

/** Lies of the plan: checks that pass on the tree with the code and fail on the one without, and ask nothing. */
export const blindLies: Readonly<Record<string, Pair>> = {
  'locks an empty Python test': blindPair(python('pass'), pythonAdds, pythonTree),
  'locks an empty Node test': blindPair(node(''), nodeAdds, nodeTree),
  'asserts a constant in Python': blindPair(python('assert 1 + 1 == 2'), pythonAdds, pythonTree),
  'asserts a constant in Node': blindPair(node('assert.ok(true);'), nodeAdds, nodeTree),
  'calls the code and asserts nothing': blindPair(
    python('total([1, 2])'),
    python('result = total([1, 2])\nassert result == 3'),
    pythonTree,
  ),
  'asserts about a mock of what it should test': blindPair(
    python('monkeypatch.setattr("price.total", lambda prices: 3)\nimport price\nassert price.total([1, 2]) == 3'),
    python('monkeypatch.setenv("SHOP", "test")\nassert total([1, 2]) == 3'),
    pythonTree,
  ),
  'swallows what the assertion throws': blindPair(
    python('try:\n    assert total([1, 2]) == 4\nexcept AssertionError:\n    pass'),
    python('try:\n    total(None)\nexcept TypeError:\n    pass\nassert total([1, 2]) == 3'),
    pythonTree,
  ),
  'lets a check write its own expectation': blindPair(
    python(
      'open("expected.txt", "w").write(str(total([1, 2])))\nassert str(total([1, 2])) == open("expected.txt").read()',
    ),
    python('open("expected.txt", "w").write("3")\nassert str(total([1, 2])) == open("expected.txt").read()'),
    pythonTree,
  ),
  'prints the answer itself': blindPair(
    {
      kind: 'command',
      argv: ['python3', '-c', 'import price; print(42)'],
      expect: { exitCode: 0, stdoutIncludes: ['42'] },
    },
    prints,
    pythonTree,
  ),
  'looks at the code and not at what it does': blindPair(
    { kind: 'command', argv: ['cat', 'price.py'], expect: { exitCode: 0, stdoutIncludes: ['def total'] } },
    {
      kind: 'command',
      argv: ['sh', '-c', 'cat price.py; python3 price.py 20 22'],
      expect: { exitCode: 0, stdoutIncludes: ['def total', '42'] },
    },
    pythonTree,
  ),
};
