-- A session as a person has it, in headless Neovim; what was seen goes to $DRIVE_RESULT.
local dap = require('dap')
local report, drives = {}, {}

local function leave()
  local out = io.open(vim.env.DRIVE_RESULT, 'w')
  out:write(vim.fn.json_encode(report))
  out:close()
  vim.cmd('qall!')
end

local function wait(what, found)
  if not vim.wait(20000, found, 10) then error('waited for ' .. what) end
end

-- The frame changes with each stop; older nvim-dap leaves the last one until the new stack is there.
local function next_frame(last)
  wait('a stop', function()
    local session = dap.session()
    return session and session.stopped_thread_id and session.current_frame and session.current_frame ~= last and
      session.current_frame.scopes and session.current_frame.scopes[1].variables
  end)
  return dap.session().current_frame
end

local function shown(frame)
  local values = {}
  for _, variable in pairs(frame.scopes[1].variables) do values[variable.name] = variable.value end
  return values
end

local function evaluated(frame, expression)
  local result
  dap.session():request('evaluate', { expression = expression, frameId = frame.id, context = 'repl' },
    function(problem, answer) result = problem and tostring(problem.message) or answer.result end)
  wait('an evaluation', function() return result end)
  return result
end

local function attach()
  vim.cmd('edit ' .. vim.env.DRIVE_FILE)
  vim.api.nvim_win_set_cursor(0, { tonumber(vim.env.DRIVE_LINE), 0 })
  dap.toggle_breakpoint()
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('hush-4711<CR>', true, false, true), 't', false)
  dap.continue()
  return next_frame(nil)
end

local function leave_it()
  dap.disconnect(vim.env.DRIVE_OLD and {} or { terminateDebuggee = false })
  wait('the end', function() return not dap.session() end)
end

function drives.session()
  local frame = attach()
  report.file, report.line, report.locals = frame.source.path, frame.line, shown(frame)
  report.evaluated = evaluated(frame, 'number + 1000')
  dap.step_over()
  frame = next_frame(frame)
  report.stepped, report.doubled = frame.line, shown(frame).doubled
  dap.continue()
  report.again = next_frame(frame).line
  leave_it()
end

-- Each of three threads passes the line five times: every hit is seen, whatever else stops meanwhile.
function drives.threads()
  local frame = attach()
  report.hits = {}
  for hit = 1, 15 do
    local values = shown(frame)
    table.insert(report.hits, { values.number, values.turn })
    vim.wait(250) -- for the others: what crosses a resume is passed by
    dap.continue()
    if hit < 15 then frame = next_frame(frame) end
  end
  wait('the end', function() return not dap.session() end)
end

-- After a restart at a stop the next ones are seen; then back to the cursor's line.
function drives.restart()
  local frame = attach()
  dap.restart()
  frame = next_frame(frame)
  report.lines = { frame.line }
  dap.step_over()
  frame = next_frame(frame)
  table.insert(report.lines, frame.line)
  vim.api.nvim_win_set_cursor(0, { tonumber(vim.env.DRIVE_LINE), 0 })
  dap.goto_()
  table.insert(report.lines, next_frame(frame).line)
  leave_it()
end

vim.schedule(function()
  local fine, problem = pcall(drives[vim.env.DRIVE_WHAT or 'session'])
  if not fine then report.error = problem end
  leave()
end)
