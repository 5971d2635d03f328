-- Neovim (0.7.2 of Debian 12, and newer) as a client of the server, set up by its page. Run by ../external-editors.ts:
--   FOLDER=… EXPECTED=… RESULT=… nvim --headless -u init.lua -i NONE -n -S smoke.lua
-- Writes { checks = { { name, fault, milliseconds } }, figures = { … } } and ends with code 0 unless it could not run at all.
local env = vim.env
local expected = vim.json.decode(table.concat(vim.fn.readfile(env.EXPECTED), '\n'))
local result = { checks = {}, figures = {} }
local function now()
  return vim.loop.hrtime() / 1e6
end

local function finish()
  vim.fn.writefile({ vim.json.encode(result) }, env.RESULT)
  vim.cmd('qa!')
end

local function check(name, run)
  local start = now()
  local good, fault = xpcall(run, function(message)
    return tostring(message)
  end)
  table.insert(result.checks, { name = name, fault = good and vim.NIL or fault, milliseconds = now() - start })
end

-- QUERIES: query files for colours, of which each word takes one.
local function check_tree_sitter(buffer)
  check('colours by tree-sitter', function()
    local column = expected.formatted.line:find('%S')
    vim.treesitter.get_parser(buffer, 'maddy'):parse(true)
    local names = {}
    for _, capture in ipairs(vim.treesitter.get_captures_at_pos(buffer, expected.formatted.at.line - 1, column)) do
      table.insert(names, capture.capture)
    end
    assert(vim.deep_equal(names, { 'property' }), vim.inspect(names))
    assert(vim.treesitter.highlighter.active[buffer], 'not coloured')
  end)
  check('folds by tree-sitter', function()
    assert(
      vim.wait(5000, function()
        return vim.fn.foldlevel(expected.undefinedBlock.at.line) == 2
      end, 20),
      'level ' .. vim.fn.foldlevel(expected.undefinedBlock.at.line)
    )
  end)
  for _, path in ipairs(vim.split(env.QUERIES, ':')) do
    check('one colour for each word by ' .. path:match('editors/([^/]+)'), function()
      local query = vim.treesitter.query.parse('maddy', table.concat(vim.fn.readfile(path), '\n'))
      local root = vim.treesitter.get_parser(buffer, 'maddy'):parse(true)[1]:root()
      assert(not root:has_error(), 'the text is not read')
      local colours, words = {}, 0
      for capture, node in query:iter_captures(root, buffer) do
        assert(not colours[node:id()], 'two colours: ' .. vim.treesitter.get_node_text(node, buffer))
        colours[node:id()] = query.captures[capture]
        words = words + 1
      end
      assert(words > 20, words .. ' words')
    end)
  end
end

local function run_all()
  local started = now()
  local file = env.FOLDER .. '/' .. expected.file
  vim.o.hidden = true
  vim.cmd('edit ' .. vim.fn.fnameescape(file))
  local buffer = vim.api.nvim_get_current_buf()
  check('the file type is found by its name', function()
    assert(vim.bo[buffer].filetype == 'maddy', vim.bo[buffer].filetype)
  end)
  vim.bo[buffer].expandtab = true
  vim.bo[buffer].shiftwidth = 4
  local id
  local clients = vim.lsp.get_clients or vim.lsp.get_active_clients
  assert(
    vim.wait(15000, function()
      for _, client in pairs(clients()) do
        id = client.id
        return client.name == 'maddyc' or client.name == 'maddy'
      end
    end, 5),
    'the server did not start'
  )
  assert(
    vim.wait(15000, function()
      return vim.lsp.get_client_by_id(id).initialized
    end, 5),
    'no answer to initialize'
  )
  result.figures['initialize ms'] = now() - started
  local attached = now()

  local function line(number)
    return vim.api.nvim_buf_get_lines(buffer, number - 1, number, false)[1]
  end
  local function request(method, params)
    local answers, fault = vim.lsp.buf_request_sync(buffer, method, params, 15000)
    assert(answers and answers[id], method .. ': ' .. tostring(fault))
    assert(not answers[id].error, method .. ': ' .. vim.inspect(answers[id].error))
    return answers[id].result
  end
  local function at(place)
    return {
      textDocument = { uri = vim.uri_from_bufnr(buffer) },
      position = { line = place.line - 1, character = place.column - 1 },
    }
  end
  local function finding(text)
    for _, each in ipairs(vim.diagnostic.get(buffer)) do
      if each.message:find(text, 1, true) then
        return each
      end
    end
  end
  local function wait_for(text)
    local found
    assert(
      vim.wait(15000, function()
        found = finding(text)
        return found
      end, 1),
      'no finding with ' .. text .. ': ' .. vim.inspect(vim.diagnostic.get(buffer))
    )
    return found
  end
  local function hover_text(place)
    local answer = request('textDocument/hover', at(place))
    assert(answer, 'no hover')
    return table.concat(vim.lsp.util.convert_input_to_markdown_lines(answer.contents), '\n')
  end
  local function must_hold(text, part)
    assert(text:find(part, 1, true), 'not in it: ' .. part .. ': ' .. text)
  end

  check('finding at its place', function()
    local found = wait_for(expected.unknownDirective.text)
    result.figures['first finding ms'] = now() - attached
    assert(found.lnum + 1 == expected.unknownDirective.at.line, 'line ' .. (found.lnum + 1))
    assert(found.col + 1 == expected.unknownDirective.at.column, 'column ' .. (found.col + 1))
  end)
  check('finding of a name across the import', function()
    wait_for(expected.undefinedBlock.text)
  end)
  check('completion of directives', function()
    local answer = request('textDocument/completion', at(expected.directiveCompletion.at))
    for _, item in ipairs(answer.items or answer) do
      if item.label == expected.directiveCompletion.label then
        return
      end
    end
    error('not offered: ' .. expected.directiveCompletion.label)
  end)
  check('hover on a directive', function()
    must_hold(hover_text(expected.directiveHover.at), expected.directiveHover.text)
  end)
  check('hover on a macro', function()
    must_hold(hover_text(expected.macroHover.at), expected.macroHover.text)
  end)
  check('hover on a reference', function()
    must_hold(hover_text(expected.referenceHover.at), expected.referenceHover.text)
  end)
  check('definition of a macro', function()
    local answer = request('textDocument/definition', at(expected.macroDefinition.from))
    local first = answer[1] or answer
    local range = first.range or first.targetSelectionRange
    assert(range.start.line + 1 == expected.macroDefinition.line, vim.inspect(answer))
  end)
  check('definition in an imported file', function()
    local answer = request('textDocument/definition', at(expected.blockDefinition.from))
    must_hold((answer[1].uri or answer[1].targetUri), expected.blockDefinition.file)
  end)
  check('outline', function()
    local names = {}
    for _, symbol in ipairs(request('textDocument/documentSymbol', { textDocument = at({ line = 1, column = 1 }).textDocument })) do
      names[symbol.name] = true
    end
    for _, name in ipairs(expected.outline) do
      assert(names[name], 'missing: ' .. name)
    end
  end)
  check('quick fix', function()
    local found = finding(expected.undefinedBlock.text)
    local params = at(expected.undefinedBlock.at)
    local answer = request('textDocument/codeAction', {
      textDocument = params.textDocument,
      range = { start = params.position, ['end'] = params.position },
      context = { diagnostics = {} },
    })
    assert(found and answer and answer[1], 'no quick fix')
    local edit = answer[1].edit or request('codeAction/resolve', answer[1]).edit
    vim.lsp.util.apply_workspace_edit(edit, 'utf-16')
    assert(line(expected.undefinedBlock.at.line) == expected.undefinedBlock.fixedLine, line(expected.undefinedBlock.at.line))
  end)
  check('finding goes when its cause does', function()
    local start = now()
    local number = expected.unknownDirective.at.line
    vim.api.nvim_buf_set_lines(buffer, number - 1, number, false, {})
    assert(
      vim.wait(15000, function()
        return not finding(expected.unknownDirective.text)
      end, 1),
      'it stays'
    )
    result.figures['finding cleared ms'] = now() - start
    start = now()
    vim.api.nvim_buf_set_lines(buffer, number - 1, number - 1, false, { '    another_one yes' })
    wait_for('another_one')
    result.figures['finding shown ms'] = now() - start
  end)
  check('format', function()
    if vim.lsp.buf.format then
      vim.lsp.buf.format({ timeout_ms = 5000 })
    else
      vim.lsp.buf.formatting_sync(nil, 5000)
    end
    assert(line(expected.formatted.at.line) == expected.formatted.line, line(expected.formatted.at.line))
  end)
  if env.QUERIES then
    check_tree_sitter(buffer)
  end
end

local good, fault = xpcall(run_all, debug.traceback)
if not good then
  table.insert(result.checks, { name = 'Neovim runs the checks', fault = tostring(fault), milliseconds = 0 })
end
finish()
