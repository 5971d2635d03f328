-- Neovim (0.7.2 of Debian 12, and newer) as a client of the server. Run by stage.ts:
--   SERVER="node … --stdio" FOLDER=… EDITORS=… EXPECTED=… RESULT=… nvim --headless -u NONE -i NONE -n -S smoke.lua
-- Writes { checks = { { name, fault, milliseconds } }, figures = { … } } and ends with code 0 unless it could not run at all.
local env = vim.env
local expected = vim.json.decode(table.concat(vim.fn.readfile(env.EXPECTED), '\n'))
local result = { checks = {}, figures = {} }
local function now()
  return vim.loop.hrtime() / 1e6
end

local function finish()
  vim.fn.writefile({ vim.json.encode(result) }, env.RESULT)
  for _, client in pairs(vim.lsp.get_active_clients()) do
    client.stop(true)
  end
  vim.cmd('qa!')
end

local function check(name, run)
  local start = now()
  local good, fault = xpcall(run, function(message)
    return tostring(message)
  end)
  table.insert(result.checks, { name = name, fault = good and vim.NIL or fault, milliseconds = now() - start })
end

local function run_all()
  local started = now()
  local file = env.FOLDER .. '/' .. expected.file
  vim.o.hidden = true
  vim.opt.runtimepath:prepend(env.EDITORS .. '/neovim')
  vim.cmd('filetype on')
  vim.cmd('edit ' .. vim.fn.fnameescape(file))
  local buffer = vim.api.nvim_get_current_buf()
  check('the file type is found by its name', function()
    assert(vim.bo[buffer].filetype == 'maddy', vim.bo[buffer].filetype)
  end)
  vim.bo[buffer].expandtab = true
  vim.bo[buffer].shiftwidth = 4
  local id = vim.lsp.start_client({
    name = 'maddyc',
    cmd = vim.split(env.SERVER, ' '),
    root_dir = env.FOLDER,
    workspace_folders = { { uri = vim.uri_from_fname(env.FOLDER), name = 'sample' } },
    capabilities = vim.lsp.protocol.make_client_capabilities(),
    flags = { debounce_text_changes = 0, allow_incremental_sync = true },
  })
  assert(id, 'the server did not start')
  assert(
    vim.wait(15000, function()
      local client = vim.lsp.get_client_by_id(id)
      return client and client.initialized
    end, 5),
    'no answer to initialize'
  )
  result.figures['initialize ms'] = now() - started
  local attached = now()
  vim.lsp.buf_attach_client(buffer, id)

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
    vim.lsp.util.apply_workspace_edit(answer[1].edit, 'utf-16')
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
end

local good, fault = xpcall(run_all, debug.traceback)
if not good then
  table.insert(result.checks, { name = 'Neovim runs the checks', fault = tostring(fault), milliseconds = 0 })
end
finish()
